using System.Text.Json.Nodes;

namespace Gateway.EndToEnd;

/// <summary>One Gateway with an ordinary listener and one for proxies, and a real haproxy in front of the latter.</summary>
public sealed class ProxiedSite : SharedSite
{
    private HaProxy? _haproxy;

    internal HaProxy HaProxy => _haproxy!;

    private protected override async Task<Site> StartAsync()
    {
        Tools.Require(Tools.HaProxy, Tools.Nginx);
        var site = await Site.StartAsync([new("standard"), new("standard")], static configuration =>
        {
            configuration["Listeners"]![1]!["ProxyProtocol"] = true;
            configuration["Relay"]!["TrustedProxies"] = new JsonArray(HaProxy.Address, "127.0.0.1");
        });
        return await Poll.ReadyAsync(site, async () => _haproxy = await HaProxy.StartAsync(site.Folder("haproxy"), site.Gateway.Ports[1]));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_haproxy is not null)
            await _haproxy.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>Behind real proxies Gateway judges the client, not the proxy.</summary>
public sealed class Proxies(ProxiedSite shared) : IClassFixture<ProxiedSite>
{
    private const string Confirmed = "127.1.0.7", NoPtr = "127.66.0.7", Failing = "127.88.0.7";

    [Theory]
    [InlineData(1, Confirmed, 0, "250 2.")]
    [InlineData(2, Confirmed, 0, "250 2.")]
    [InlineData(1, NoPtr, 24, "550 5.7.25 Reverse DNS required: no PTR record found for [127.66.0.7]")]
    [InlineData(2, NoPtr, 24, "550 5.7.25 Reverse DNS required: no PTR record found for [127.66.0.7]")]
    [InlineData(1, Failing, 24, "451 4.7.25 ")]
    [InlineData(2, Failing, 24, "451 4.7.25 ")]
    public async Task Through_haproxy_the_client_is_judged(int version, string client, int exitCode, string words)
    {
        var site = await shared.SiteAsync();

        var swaks = await SwaksAsync(version == 1 ? shared.HaProxy.V1 : shared.HaProxy.V2, client, "ann@gw.test");

        Assert.True(swaks.ExitCode == exitCode, swaks.Output);
        Assert.Contains(words, swaks.Output, StringComparison.Ordinal);
        await LineAsync(site, $"client={client}:", $" peer={HaProxy.Address}:", " by=PROXY ");
    }

    [Theory]
    [InlineData("check-v1.haproxy.test")]
    [InlineData("check-v2.haproxy.test")]
    public async Task A_health_check_of_haproxy_speaks_for_the_proxy_itself(string helo)
    {
        var site = await shared.SiteAsync();

        var line = await LineAsync(site, $"client={HaProxy.Address}:", $"helo={helo}");

        Assert.DoesNotContain("peer=", line, StringComparison.Ordinal);
        Assert.DoesNotContain("DOWN", shared.HaProxy.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(Confirmed, "sent", "250 2.")]
    [InlineData(NoPtr, "bounced", "550 5.7.25 ")]
    [InlineData(Failing, "deferred", "451 4.7.25 ")]
    public async Task A_real_Postfix_behind_haproxy_is_judged_by_its_own_address(string client, string status, string words)
    {
        var site = await shared.SiteAsync();
        var recipient = $"from-postfix-{status}@gw.test";
        await using var sender = await site.SenderAsync([client], shared.HaProxy.V2);

        await sender.SubmitAsync(client, recipient, GeneratedMail.Plain("plain", "hello\r\n").Content);

        var fate = await sender.Postfix.FateOfAsync(recipient);
        Assert.Equal(status, fate.Status);
        Assert.Contains(words, fate.Text, StringComparison.Ordinal);
        if (status == "sent")
            Assert.Contains($"[{client}]", (await site.SmartHost.ArrivedForAsync(recipient)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_no_proxy_finds_its_door_closed()
    {
        var site = await shared.SiteAsync();
        await using var wire = await SmtpWire.ConnectAsync(site.Gateway.Ports[1], Confirmed);

        Assert.True(wire.Greeting.Begins("421 mx.gw.test This port is for trusted proxies"), wire.Greeting.Text);
        Assert.True(await wire.IsClosedByServerAsync());
        await LineAsync(site, $"client={Confirmed}:", " proxy-refused=untrusted ");
    }

    [Theory]
    [InlineData(Confirmed, 0, "250 2.")]
    [InlineData(NoPtr, 24, "550 5.7.25 Reverse DNS required: no PTR record found for [127.66.0.7]")]
    public async Task Swaks_speaks_for_another_client(string client, int exitCode, string words)
    {
        var site = await shared.SiteAsync();

        var swaks = await SwaksAsync(site.Gateway.Port, HaProxy.Address, "xclient@gw.test", "--xclient-addr", client);

        Assert.True(swaks.ExitCode == exitCode, swaks.Output);
        Assert.Contains(words, swaks.Output, StringComparison.Ordinal);
        await LineAsync(site, $"client={client}:", $" peer={HaProxy.Address}:", " by=XCLIENT ");
    }

    [Fact]
    public async Task From_elsewhere_nobody_may_speak_for_another_client()
    {
        var site = await shared.SiteAsync();

        var swaks = await SwaksAsync(site.Gateway.Port, "127.1.0.8", "xclient@gw.test", "--xclient-addr", Confirmed, "--xclient-no-verify");
        await using var wire = await SmtpWire.ConnectAsync(site.Gateway.Port, "127.1.0.8");
        var reply = await wire.CommandAsync($"XCLIENT ADDR={Confirmed}");

        // It is not announced, so that swaks does not even try.
        Assert.True(swaks.ExitCode != 0 && swaks.Output.Contains("XCLIENT", StringComparison.Ordinal), swaks.Output);
        Assert.True(reply.Begins("550 5.7.0 insufficient authorization"), reply.Text);
        // A connection has one line in the log, when it has ended.
        await wire.CommandAsync("QUIT");
        await LineAsync(site, "client=127.1.0.8:", " xclient-refused");
    }

    [Theory]
    [InlineData(Confirmed, 0, "250 2.")]
    [InlineData(NoPtr, 24, "550 5.7.25 Reverse DNS required: no PTR record found for [127.66.0.7]")]
    public async Task Through_nginx_the_client_is_judged(string client, int exitCode, string words)
    {
        var site = await shared.SiteAsync();
        await using var nginx = await NginxMail.StartAsync(site.Folder($"nginx-{client}"), site.Gateway.Port, site.DnsPort);

        var swaks = await SwaksAsync(nginx.Port, client, "nginx@gw.test");

        Assert.True(swaks.ExitCode == exitCode, swaks.Output + nginx.Output);
        Assert.Contains(words, swaks.Output, StringComparison.Ordinal);
        await LineAsync(site, $"client={client}:", " peer=127.0.0.1:", " by=XCLIENT ");
    }

    private static Task<(int ExitCode, string Output)> SwaksAsync(int port, string client, string recipient, params string[] more) => Tools.RunAsync(
        Tools.Swaks, ["--server", $"127.0.0.1:{port}", "--local-interface", client, "--helo", "client.sender.test", "--from", "ann@sender.test", "--to", recipient, .. more]);

    private static async Task<string> LineAsync(Site site, params string[] parts)
    {
        string? found = null;
        await Poll.UntilAsync($"gateway logs {string.Join(" … ", parts)}", () =>
        {
            found = site.Gateway.Output.Split('\n').FirstOrDefault(line => parts.All(part => line.Contains(part, StringComparison.Ordinal)));
            return Task.FromResult(found is not null);
        }, () => site.Gateway.Output);
        return found!;
    }
}
