using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Lab.Talking;
using Gateway.Tests;

namespace Gateway.Lab.Tests.Talking;

public sealed class ClientConnectorTests
{
    private readonly List<string> _steps = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<ClientConnectResult> OpenAsync(EndPoint server, string? client, ConnectMethod way = ConnectMethod.Auto, string? name = null) =>
        new ClientConnector(_steps.Add, TimeProvider.System).OpenAsync(
            new()
            {
                Server = server,
                Client = client is null ? null : IPAddress.Parse(client),
                Method = way,
                ClientName = name,
                HeloName = "desk.example",
                Patience = TimeSpan.FromSeconds(60),
            },
            Cancellation);

    private static async Task<string> NextLineAsync(ClientConnectResult result)
    {
        await using var connection = Assert.IsType<ClientConnectResult.Reached>(result).Connection;
        return TranscriptLine.Shown((await connection.ReadLineAsync("greeting", TimeSpan.FromSeconds(60))).Span);
    }

    private static ScriptedSmartHost Offering(string offer, string answer) => new()
    {
        Answers = (_, heard) => heard switch { "EHLO" => $"250-scripted\r\n250 {offer}", "XCLIENT" => answer, _ => null },
    };

    [Theory]
    [InlineData(null, "127.0.0.1", "Direct", "nobody else is asked for")]
    [InlineData("127.0.0.1", "127.0.0.1", "Bind", "an address of an interface")]
    [InlineData("127.0.0.20", "127.0.0.20", "Bind", "all of 127.0.0.0/8 is this machine")]
    public async Task An_address_of_this_machine_is_bound_to(string? client, string seen, string way, string reason)
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "loopback has one address there");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var result = Assert.IsType<ClientConnectResult.Reached>(await OpenAsync(listener.LocalEndpoint, client));
        using var accepted = await listener.AcceptSocketAsync(Cancellation);
        Assert.True((((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString(), result.Method.ToString()) == (seen, way), reason);
        await result.Connection.DisposeAsync();
        // Nothing was said: the greeting is the next line, whoever waits for it.
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[1], Cancellation));
    }

    [Theory]
    [InlineData("4.3.2.1", null, "ADDR=4.3.2.1")]
    [InlineData("2001:db8::25", null, "ADDR=IPV6:2001:db8::25")]
    [InlineData("4.3.2.1", "mail.source.com", "NAME=mail.source.com ADDR=4.3.2.1")]
    [InlineData("4.3.2.1", "[UNAVAILABLE]", "NAME=[UNAVAILABLE] ADDR=4.3.2.1")]
    [InlineData("127.0.0.1", "mail.source.com", "NAME=mail.source.com ADDR=127.0.0.1")]
    public async Task Any_other_is_claimed_with_XCLIENT_and_the_next_line_is_its_greeting(string client, string? name, string attributes)
    {
        await using var server = Offering("XCLIENT NAME ADDR", "220 hello to somebody else");
        Assert.Equal("220 hello to somebody else", await NextLineAsync(await OpenAsync(server.Endpoint, client, name: name)));
        Assert.Equal("EHLO desk.example", server.Heard("EHLO"));
        Assert.Equal($"XCLIENT {attributes}", server.Heard("XCLIENT"));
        Assert.Equal(["the server greets this machine: 220 scripted", "EHLO desk.example: XCLIENT NAME ADDR is offered", $"XCLIENT {attributes}"], _steps.Skip(1));
    }

    [Theory]
    [InlineData("554 5.7.1 you not")]
    [InlineData("550-you not, in the way\r\n550 of AOL 2003")]
    [InlineData("421 4.7.1 later")]
    [InlineData("220-two\r\n220 lines")]
    public async Task A_greeting_that_refuses_the_client_is_a_greeting(string answer)
    {
        await using var server = Offering("XCLIENT ADDR", answer);
        Assert.Equal(answer.Split("\r\n")[0], await NextLineAsync(await OpenAsync(server.Endpoint, "4.3.2.1")));
    }

    [Theory]
    [InlineData("SIZE", null, "does not offer XCLIENT to this machine", "(in Gateway with Relay.TrustedProxies", "an untrusted machine")]
    [InlineData("XCLIENT NAME", null, "but not its attribute ADDR", "ADDR", "half an XCLIENT")]
    [InlineData("XCLIENT ADDR", "550 5.7.0 insufficient authorization", "550 5.7.0 insufficient authorization", "--via proxy", "offered and refused")]
    public async Task A_server_that_does_not_let_us_is_named_with_what_to_do(string offer, string? answer, string problem, string advice, string reason)
    {
        await using var server = Offering(offer, answer!);
        var failed = Assert.IsType<ClientConnectResult.Failed>(await OpenAsync(server.Endpoint, "4.3.2.1"));
        Assert.True(failed.Problem.Contains(problem, StringComparison.Ordinal) && failed.Problem.Contains(advice, StringComparison.Ordinal), $"{reason}: {failed.Problem}");
        Assert.Equal(answer is not null, failed.Reply is not null);
    }

    [Theory]
    [InlineData("::1", "one is IPv4 and the other IPv6", "another family")]
    [InlineData("192.0.2.1", "cannot connect from 192.0.2.1 to ", "no address of this machine")]
    public async Task What_cannot_be_bound_to_is_said(string client, string problem, string reason)
    {
        await using var server = new ScriptedSmartHost();
        var failed = Assert.IsType<ClientConnectResult.Failed>(await OpenAsync(server.Endpoint, client, ConnectMethod.Bind));
        Assert.True(failed.Problem.Contains(problem, StringComparison.Ordinal), $"{reason}: {failed.Problem}");
    }

    [Fact]
    public async Task A_server_that_refuses_this_machine_may_let_it_speak_for_others()
    {
        await using var server = new ScriptedSmartHost
        {
            Answers = static (_, heard) => heard switch { "greeting" => "554 not you", "EHLO" => "503 not you", "XCLIENT" => "220 but you", _ => null },
        };
        Assert.Equal("220 but you", await NextLineAsync(await OpenAsync(server.Endpoint, "4.3.2.1")));
    }

    [Fact]
    public async Task A_server_that_does_not_greet_may_wait_for_a_PROXY_header()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, heard) => heard == "greeting" ? ScriptedSmartHost.Hangup : null };
        var failed = Assert.IsType<ClientConnectResult.Failed>(await OpenAsync(server.Endpoint, "4.3.2.1"));
        Assert.Contains("the server closed the connection; if the listener requires a PROXY header, type --via proxy", failed.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4.3.2.1", ConnectMethod.ProxyV1, "PROXY TCP4 4.3.2.1 127.0.0.1 ")]
    [InlineData("2001:db8::25", ConnectMethod.ProxyV1, "PROXY TCP6 2001:db8::25 ::ffff:127.0.0.1 ")]
    [InlineData(null, ConnectMethod.ProxyV1, "PROXY UNKNOWN")]
    [InlineData("4.3.2.1", ConnectMethod.Proxy, "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x04\x03\x02\x01")]
    [InlineData(null, ConnectMethod.Proxy, "\r\n\r\n\0\r\nQUIT\n\x20")]
    public async Task A_PROXY_header_is_the_first_thing_on_the_wire(string? client, ConnectMethod way, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var result = Assert.IsType<ClientConnectResult.Reached>(await OpenAsync(listener.LocalEndpoint, client, way));
        using var accepted = await listener.AcceptSocketAsync(Cancellation);
        var octets = new byte[expected.Length];
        await using var stream = new NetworkStream(accepted);
        await stream.ReadExactlyAsync(octets, Cancellation);
        Assert.Equal(expected, Encoding.Latin1.GetString(octets));
        await result.Connection.DisposeAsync();
    }

    [Theory]
    [InlineData("4.3.2.1", ConnectMethod.Auto, false, "XCLIENT")]
    [InlineData("2001:db8::25", ConnectMethod.Auto, false, "XCLIENT")]
    [InlineData("4.3.2.1", ConnectMethod.Proxy, true, "PROXY")]
    [InlineData("2001:db8::25", ConnectMethod.ProxyV1, true, "PROXY")]
    public async Task A_gateway_that_trusts_this_machine_takes_it_for_the_client(string client, ConnectMethod way, bool isProxied, string by)
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(
            server.Endpoint, "Relay:TrustedProxies:0=127.0.0.1", $"Listeners:0:ProxyProtocol={(isProxied ? "true" : "false")}");
        Assert.Equal("220 mx.gateway.test ESMTP Gateway", await NextLineAsync(await OpenAsync(gateway.Endpoint, client, way)));
        var record = await gateway.EndedAsync();
        Assert.Equal((client, by), (record.Client.Address.ToString(), record.ClaimedBy));
    }
}
