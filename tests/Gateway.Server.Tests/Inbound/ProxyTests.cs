using System.Net;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Inbound;

/// <summary>What a proxy may do to a running gateway, over sockets.</summary>
public sealed class ProxyTests
{
    private const string Header = "PROXY TCP4 192.0.2.25 198.51.100.1 1025 2525\r\n";
    private static readonly string[] Proxied = ["Listeners:0:ProxyProtocol=true", "Relay:TrustedProxies:0=127.0.0.1"];

    [Fact]
    public async Task The_record_knows_who_connected_and_who_the_client_is_said_to_be()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, Proxied);
        await using (var proxy = await SmtpTalk.ConnectAsync(gateway.Endpoint))
        {
            await proxy.WriteAsync(Header);
            Assert.StartsWith("220 ", await proxy.HearAsync(), StringComparison.Ordinal);
            Assert.StartsWith("221 ", await proxy.SayAsync("QUIT"), StringComparison.Ordinal);
        }
        var record = await gateway.EndedAsync();
        Assert.Equal(("PROXY", "192.0.2.25:1025", "198.51.100.1:2525"), (record.ClaimedBy, record.Client.ToString(), record.Listener?.ToString()));
        Assert.Equal(IPAddress.Loopback, record.Peer.Address);
    }

    [Fact]
    public async Task Xclient_names_client_destination_and_user_and_unavailable_takes_them_back()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Relay:TrustedProxies:0=127.0.0.1");
        await using (var proxy = await SmtpTalk.GreetedAsync(gateway.Endpoint))
        {
            Assert.StartsWith("220 ", await proxy.SayAsync(
                "XCLIENT NAME=a.example ADDR=192.0.2.25 PORT=1025 LOGIN=ann DESTADDR=198.51.100.1 DESTPORT=25 HELO=b.example PROTO=SMTP"), StringComparison.Ordinal);
            await proxy.SayAsync("QUIT");
        }
        var record = await gateway.EndedAsync();
        Assert.Equal(("XCLIENT", "192.0.2.25:1025", "198.51.100.1:25", "ann"), (record.ClaimedBy, record.Client.ToString(), record.Listener?.ToString(), record.User));
        Assert.Equal(new Helo("b.example", IsExtended: false), record.Helo);
        Assert.Equal("a.example", record.Facts?.ConfirmedName?.ToString());

        await using (var proxy = await SmtpTalk.GreetedAsync(gateway.Endpoint))
        {
            await proxy.SayAsync("XCLIENT ADDR=192.0.2.25 LOGIN=ann");
            await proxy.SayAsync("XCLIENT LOGIN=[UNAVAILABLE] NAME=[UNAVAILABLE]");
            await proxy.SayAsync("QUIT");
        }
        record = await gateway.EndedAsync();
        Assert.Equal((null, "192.0.2.25:0"), (record.User, record.Client.ToString()));
    }

    [Fact]
    public async Task A_proxy_has_as_many_connections_as_it_needs_and_its_clients_have_their_share()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, [.. Proxied, "Limits:ConnectionsPerClient=1"]);
        await using var first = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        await using var second = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        await using var third = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        await first.WriteAsync(Header);
        Assert.StartsWith("220 ", await first.HearAsync(), StringComparison.Ordinal);
        await second.WriteAsync(Header);
        Assert.StartsWith("421 mx.gateway.test Too many connections from [192.0.2.25]", await second.HearAsync(), StringComparison.Ordinal);
        await third.WriteAsync("PROXY UNKNOWN\r\n");
        Assert.StartsWith("220 ", await third.HearAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_turned_away_is_on_record()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Listeners:0:ProxyProtocol=true", "Relay:TrustedProxies:0=192.0.2.1");
        await using (var client = await SmtpTalk.ConnectAsync(gateway.Endpoint))
            Assert.StartsWith("421 mx.gateway.test This port is for trusted proxies only, and [127.0.0.1] is not one of them", await client.HearAsync(), StringComparison.Ordinal);
        var record = await gateway.EndedAsync();
        Assert.Equal((SessionEnd.Closed, 1, null), (record.End, record.RefusalCount, record.ClaimedBy));
        Assert.Equal(ProxyRefusal.Untrusted, record.ProxyRefusal);
    }

    [Fact]
    public async Task Half_a_header_and_a_hang_up_are_an_ended_session_and_nothing_else()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, Proxied);
        await using (var proxy = await SmtpTalk.ConnectAsync(gateway.Endpoint))
        {
            await proxy.WriteAsync(Header[..20]);
            proxy.EndSpeaking();
            Assert.Empty(await proxy.HearAsync());
        }
        var record = await gateway.EndedAsync();
        Assert.Equal((SessionEnd.Dropped, 0, ProxyRefusal.Incomplete), (record.End, record.RefusalCount, record.ProxyRefusal));
    }

    [Fact]
    public async Task Xclient_of_a_stranger_is_on_record()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        await using (var client = await SmtpTalk.GreetedAsync(gateway.Endpoint))
        {
            Assert.StartsWith("550 5.7.0 ", await client.SayAsync("XCLIENT ADDR=192.0.2.25"), StringComparison.Ordinal);
            await client.SayAsync("QUIT");
        }
        var record = await gateway.EndedAsync();
        Assert.Equal((true, null, IPAddress.Loopback), (record.IsXclientRefused, record.ClaimedBy, record.Client.Address));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_header_that_does_not_come()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, Proxied);
        await using var silent = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        await using var other = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        // Once this one is greeted, the one before it has been accepted.
        await other.WriteAsync(Header);
        Assert.StartsWith("220 ", await other.HearAsync(), StringComparison.Ordinal);

        var stop = gateway.StopAsync();

        Assert.StartsWith("421 mx.gateway.test The server is stopping", await silent.HearAsync(), StringComparison.Ordinal);
        await stop;
    }

    [Fact]
    public async Task No_place_is_kept_by_a_connection_that_died_in_whatever_phase()
    {
        string[] said = ["", "PROXY TC", Header, Header + "EHLO a.example\r\nMAIL FR", Header + "EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<bob@gateway.test>\r\nDATA\r\nhalf",
            "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nXCLIENT ADDR=192.0.2.25\r\n", "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nXCLIENT ADDR=192.0.2.25\r\nXCLIENT ADDR=192.0.2.26\r\n", "nothing like it\r\n"];
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, [.. Proxied, "Limits:ConnectionsPerClient=2"]);
        for (var round = 0; round < 10; round++)
        {
            foreach (var words in said)
            {
                await using var proxy = await SmtpTalk.ConnectAsync(gateway.Endpoint);
                await proxy.WriteAsync(words);
                if (round % 2 == 0)
                    proxy.EndSpeaking();
            }
            for (var i = 0; i < said.Length; i++)
                await gateway.EndedAsync();
        }
        await using var first = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        await using var second = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        foreach (var proxy in new[] { first, second })
        {
            await proxy.WriteAsync(Header);
            Assert.StartsWith("220 ", await proxy.HearAsync(), StringComparison.Ordinal);
        }
    }
}
