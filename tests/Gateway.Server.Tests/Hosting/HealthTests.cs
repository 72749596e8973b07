using System.Net;
using System.Net.Sockets;
using Gateway.Lab.Dns;
using Gateway.Tests;

namespace Gateway.Server.Tests.Hosting;

public sealed class HealthTests
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/health/live")]
    public async Task A_gateway_that_listens_is_live_whatever_it_depends_on(string path)
    {
        var endpoint = FreeEndpoint();
        await using var gateway = await RunningGateway.StartAsync(new(IPAddress.Loopback, 9), $"Web:Endpoint={endpoint}");
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);

        var (status, body) = await GetAsync(endpoint, path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("""{"status":"healthy","connections":1,"uptimeSeconds":""", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(endpoint, "/")).Status);
    }

    [Fact]
    public async Task A_gateway_is_ready_when_its_DNS_and_its_smart_host_answer_and_no_mail_is_needed_to_know_it()
    {
        await using var dns = await LabDns.StartAsync(new(IPAddress.Loopback, 0), null, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var server = new ScriptedSmartHost();
        var endpoint = FreeEndpoint();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, $"Web:Endpoint={endpoint}", $"Dns:Servers:0={dns.Endpoint}");

        Assert.Equal(
            (HttpStatusCode.OK, $$"""{"status":"ready","checks":[{"name":"dns","ready":true},{"name":"smart host {{server.Endpoint}}","ready":true}]}"""),
            await GetAsync(endpoint, "/health/ready"));
        for (var i = 0; i < 10; i++)
            await GetAsync(endpoint, "/health/ready");
        Assert.Equal(1, server.Connections);
        Assert.Equal(0, server.Count("MAIL"));
    }

    [Fact]
    public async Task A_gateway_that_is_not_ready_says_what_does_not_answer_and_why()
    {
        var (nobody, endpoint) = (FreeEndpoint(), FreeEndpoint());
        await using var gateway = await RunningGateway.StartAsync(nobody, $"Web:Endpoint={endpoint}", $"Dns:Servers:0={nobody}");

        var (status, body) = await GetAsync(endpoint, "/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.True(body.StartsWith("""{"status":"not ready","checks":[{"name":"dns","ready":false,"reason":""", StringComparison.Ordinal), body);
        Assert.True(body.Contains($$"""{"name":"smart host {{nobody}}","ready":false,"reason":"{{nobody}}: """, StringComparison.Ordinal), body);
    }

    private static IPEndPoint FreeEndpoint()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return (IPEndPoint)free.LocalEndpoint;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(IPEndPoint endpoint, string path)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri($"http://{endpoint}{path}"), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
