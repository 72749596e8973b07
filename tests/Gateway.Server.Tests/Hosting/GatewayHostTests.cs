using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Hosting;

public sealed class GatewayHostTests
{
    private const string Mail = "Subject: x\r\n\r\nhello\r\n";

    [Fact]
    public async Task A_message_goes_through_whole_with_the_smart_hosts_reply_and_a_record()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "." ? "250 2.6.0 queued as 4711" : null };
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);

        await client.PostAsync(Mail, "bob@gateway.test");
        Assert.Equal("250 2.6.0 queued as 4711", await client.HearAsync());
        Assert.StartsWith("221 ", await client.SayAsync("QUIT"), StringComparison.Ordinal);

        var record = await gateway.EndedAsync();
        Assert.True(record is { End: SessionEnd.Quit, MessageCount: 1, DeliveredCount: 1, RefusalCount: 0 });
        var transaction = Assert.Single(record.Transactions);
        Assert.Equal("<ann@example.org> <bob@gateway.test> 1", $"{transaction.Sender} {transaction.Recipients[0]} {transaction.RecipientCount}");
        var message = Assert.Single(server.Messages);
        Assert.EndsWith(Mail, message, StringComparison.Ordinal);
        // The client is exempt, so nobody asked for its name.
        Assert.Contains($"Received: from client.example (unknown [127.0.0.1])\r\n\tby mx.gateway.test with ESMTP id {record.Id}.1\r\n\tfor <bob@gateway.test>;", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_relays_who_may_not()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Policy:Exempt:Networks:0=127.0.0.0/8", "Policy:Exempt:Senders:0=ann@example.org");
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await client.SayAsync("MAIL FROM:<ann@example.org>");

        foreach (var recipient in new[] { "bob@example.org", "postmaster@example.org", "bob%example.org@gateway.test", "\"bob@example.org\"@gateway.test", "bob@[127.0.0.1]" })
            Assert.Matches("^550 5.7.1 Unable to relay for .*; id=[0-9A-Z]{13}$", await client.SayAsync($"RCPT TO:<{recipient}>"));
        Assert.StartsWith("554 ", await client.SayAsync("DATA"), StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Recipients_of_two_smart_hosts_take_two_transactions()
    {
        await using var first = new ScriptedSmartHost();
        await using var second = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(first.Endpoint,
            "Relay:AcceptedDomains:1=.gateway.test", "SmartHosts:0:Domains:0=gateway.test",
            $"SmartHosts:1:Host={second.Endpoint.Address}", $"SmartHosts:1:Port={second.Endpoint.Port}", "SmartHosts:1:Domains:0=.gateway.test");
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);

        await client.SayAsync("MAIL FROM:<ann@example.org>");
        Assert.StartsWith("250 ", await client.SayAsync("RCPT TO:<bob@gateway.test>"), StringComparison.Ordinal);
        Assert.StartsWith("452 4.5.3 ", await client.SayAsync("RCPT TO:<eve@sub.gateway.test>"), StringComparison.Ordinal);
        await client.SayAsync("RSET");
        await client.PostAsync(Mail, "eve@sub.gateway.test");
        Assert.StartsWith("250 ", await client.HearAsync(), StringComparison.Ordinal);

        Assert.Empty(first.Messages);
        Assert.Single(second.Messages);
    }

    [Fact]
    public async Task Results_that_somebody_forged_in_our_name_are_taken_out_and_others_stay()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);

        await client.PostAsync(
            "Authentication-Results: MX.gateway.test;\r\n\tspf=pass (forged)\r\nAuthentication-Results: other.example; spf=fail\r\n" + Mail, "bob@gateway.test");
        Assert.StartsWith("250 ", await client.HearAsync(), StringComparison.Ordinal);

        var message = Assert.Single(server.Messages);
        Assert.DoesNotContain("forged", message, StringComparison.Ordinal);
        Assert.StartsWith("Authentication-Results: mx.gateway.test;\r\n\tnone\r\n", message, StringComparison.Ordinal);
        Assert.EndsWith("\r\nAuthentication-Results: other.example; spf=fail\r\n" + Mail, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_goes_round_in_circles_is_refused()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Limits:ReceivedFields=10");
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);

        await client.PostAsync(string.Concat(Enumerable.Repeat("Received: by a.example\r\n", 10)) + Mail, "bob@gateway.test");

        Assert.StartsWith("554 5.4.6 ", await client.HearAsync(), StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task One_connection_more_than_a_client_may_have_is_told_so_and_who_leaves_makes_room()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Limits:ConnectionsPerClient=1");
        await using (var first = await SmtpTalk.GreetedAsync(gateway.Endpoint))
        {
            await using var second = await SmtpTalk.ConnectAsync(gateway.Endpoint);
            Assert.StartsWith("421 mx.gateway.test Too many connections from [127.0.0.1], try again later; id=", await second.HearAsync(), StringComparison.Ordinal);
            Assert.Empty(await second.HearAsync());
            Assert.Equal(SessionEnd.Closed, (await gateway.EndedAsync()).End);
            await first.SayAsync("QUIT");
            await gateway.EndedAsync();
        }
        await using var third = await SmtpTalk.GreetedAsync(gateway.Endpoint);
    }

    [Fact]
    public async Task A_client_that_half_closes_gets_all_its_replies()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Limits:RefuseEarlyInput=false");
        await using var client = await SmtpTalk.ConnectAsync(gateway.Endpoint);

        await client.WriteAsync($"EHLO a.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\nDATA\r\n{Mail}.\r\nQUIT\r\n");
        client.EndSpeaking();

        var codes = new List<string>();
        while (await client.HearAsync() is { Length: > 0 } reply)
            codes.Add(reply[..3]);
        Assert.Equal(["220", "250", "250", "250", "354", "250", "221"], codes);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_replies_keeps_no_socket_open()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Limits:CommandTimeout=00:00:01");
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, SendBufferSize = 4096 };
        await client.ConnectAsync(gateway.Endpoint, TestContext.Current.CancellationToken);

        // Only a connection that is closed ends this: everything between is full.
        var more = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HELP\r\n", 1000)));
        await Assert.ThrowsAsync<SocketException>(() => SendAsync().WaitAsync(TimeSpan.FromMinutes(1)));

        async Task SendAsync()
        {
            while (true)
                await client.SendAsync(more, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_dual_mode_listener_knows_an_IPv4_client_by_its_IPv4_address()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Listeners:0:Endpoint=[::]:0");
        await using (var client = await SmtpTalk.GreetedAsync(new(IPAddress.Loopback, gateway.Endpoint.Port)))
            await client.SayAsync("QUIT");
        Assert.Equal(IPAddress.Loopback, (await gateway.EndedAsync()).Client.Address);
    }

    [Fact]
    public async Task An_endpoint_that_is_taken_is_one_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var error = await Assert.ThrowsAsync<IOException>(() => RunningGateway.StartAsync(new(IPAddress.Loopback, 25), $"Listeners:0:Endpoint={other.LocalEndpoint}"));

        Assert.Equal($"cannot listen on {other.LocalEndpoint}: a program uses this port already (\"ss -ltnp\" shows which)", error.Message);
    }

    [Fact]
    public async Task An_endpoint_of_another_machine_is_one_sentence()
    {
        var error = await Assert.ThrowsAsync<IOException>(() => RunningGateway.StartAsync(new(IPAddress.Loopback, 25), "Listeners:0:Endpoint=192.0.2.1:0"));

        Assert.StartsWith("cannot listen on 192.0.2.1:0: 192.0.2.1 is no address of this machine", error.Message, StringComparison.Ordinal);
    }
}
