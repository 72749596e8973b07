using System.Net;
using System.Net.Sockets;
using Gateway.Dns;
using Gateway.Tests.Checking;

namespace Gateway.Tests.Sending;

/// <summary><c>gateway send</c> without --to: the DNS says where the mail goes (RFC 5321 §5.1).</summary>
public sealed class SendByMxTests : IAsyncDisposable
{
    private const string Zones = """
        $ORIGIN test.
        $TTL 1h
        @            SOA  ns hostmaster 1 1h 15m 1w 5m
        @            NS   near.one
        one          MX   20 far.one
        one          MX   10 near.one
        near.one     A    127.0.0.1
        far.one      A    127.0.0.1
        two          MX   10 nobody.two
        two          MX   20 there.two
        nobody.two   A    127.0.0.2
        there.two    A    127.0.0.1
        plain        A    127.0.0.1
        none         MX   0 .
        lost         MX   10 gone.lost
        ;@fault broken MX servfail
        """;

    private readonly AuthoritativeServer _dns;
    private readonly ScriptedSmartHost _server = new();

    public SendByMxTests()
    {
        var file = MasterFile.Read(Zones, origin: DomainName.Parse("test"));
        Assert.Empty(file.Errors);
        _dns = new(new(IPAddress.Loopback, 0), new([file.Zone!]), new(file.Faults), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task<(int Code, string Output, string Error)> SendAsync(string recipient, params string[] arguments)
    {
        await _dns.StartAsync(TestContext.Current.CancellationToken);
        return await CheckedDns.RunAsync(["send", "--rcpt", recipient, "--port", $"{_server.Endpoint.Port}", "--dns", _dns.EndPoint.ToString(), .. arguments]);
    }

    [Fact]
    public async Task The_mail_host_with_the_lowest_preference_is_taken_and_shown()
    {
        var (code, output, _) = await SendAsync("bob@one.test");
        Assert.Equal(0, code);
        Assert.Contains("@  one.test has the MX record 10 near.one.test", output, StringComparison.Ordinal);
        Assert.Contains("@  near.one.test has the address 127.0.0.1", output, StringComparison.Ordinal);
        Assert.True(output.IndexOf("near.one.test", StringComparison.Ordinal) < output.IndexOf("far.one.test", StringComparison.Ordinal));
        Assert.Single(_server.Messages);
        Assert.Equal(1, _server.Connections);
    }

    [Fact]
    public async Task A_mail_host_that_cannot_be_reached_is_passed_over()
    {
        // The port is free on 127.0.0.2 for as long as this socket holds it and does not listen.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), _server.Endpoint.Port));
        var (code, output, _) = await SendAsync("bob@two.test");
        Assert.Equal(0, code);
        Assert.Contains($"connected to 127.0.0.1:{_server.Endpoint.Port}", output, StringComparison.Ordinal);
        Assert.Single(_server.Messages);
    }

    [Fact]
    public async Task A_domain_without_MX_takes_mail_at_its_own_address()
    {
        var (code, output, _) = await SendAsync("bob@plain.test");
        Assert.Equal(0, code);
        Assert.Contains("plain.test has no MX record: its own address takes the mail", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bob@none.test", "none.test takes no mail: it has a null MX record (RFC 7505)")]
    [InlineData("bob@nowhere.test", "nowhere.test does not exist in the DNS")]
    [InlineData("bob@lost.test", "gone.lost.test has no address in the DNS")]
    [InlineData("bob@broken.test", "could not look up the MX records of broken.test: ")]
    public async Task Where_no_server_is_found_nobody_can_say_and_the_reason_is_told(string recipient, string reason)
    {
        var (code, output, _) = await SendAsync(recipient, "--quiet");
        Assert.Equal(2, code);
        Assert.StartsWith($"no result (DNS): {reason}", output, StringComparison.Ordinal);
        Assert.Equal(0, _server.Connections);
    }

    [Fact]
    public async Task An_address_literal_is_its_own_mail_host()
    {
        var (code, _, _) = await SendAsync("bob@[127.0.0.1]");
        Assert.Equal(0, code);
        Assert.Equal(1, _server.Connections);
    }

    [Fact]
    public async Task A_named_server_is_looked_up_at_the_given_DNS_server_too()
    {
        await _dns.StartAsync(TestContext.Current.CancellationToken);
        var (code, output, _) = await CheckedDns.RunAsync(
            "send", "--to", $"far.one.test:{_server.Endpoint.Port}", "--rcpt", "bob@elsewhere.test", "--dns", _dns.EndPoint.ToString());
        Assert.Equal(0, code);
        Assert.Contains("far.one.test has the address 127.0.0.1", output, StringComparison.Ordinal);
    }
}
