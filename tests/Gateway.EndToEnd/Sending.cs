using System.Globalization;

namespace Gateway.EndToEnd;

/// <summary><c>gateway send</c> as other clients before a real Postfix, which logs and judges whom it was told.</summary>
public sealed class Sending(Sending.Receiver receiver) : IClassFixture<Sending.Receiver>
{
    [Theory]
    [InlineData("198.51.100.7", "xclient", "Plain", "an IPv4 client by XCLIENT")]
    [InlineData("2001:db8::7", "xclient", "Plain", "an IPv6 client by XCLIENT")]
    [InlineData("198.51.100.8", "auto", "Plain", "XCLIENT is found by itself")]
    [InlineData("198.51.100.9", "proxy", "Proxied", "an IPv4 client in a header of version 2")]
    [InlineData("2001:db8::9", "proxy", "Proxied", "an IPv6 client in a header of version 2")]
    [InlineData("198.51.100.10", "proxy-v1", "Proxied", "an IPv4 client in a header of version 1")]
    [InlineData("2001:db8::10", "proxy-v1", "Proxied", "an IPv6 client in a header of version 1")]
    [InlineData("127.0.0.77", "auto", "Plain", "an address of this machine")]
    public async Task Postfix_takes_the_mail_from_the_client_that_was_asked_for(string client, string way, string listener, string reason)
    {
        var postfix = await receiver.PostfixAsync();
        var (exitCode, output) = await SendAsync(listener, "--client", client, "--via", way, "--from", "ann@sender.test", "--rcpt", "bob@gw.test");
        Assert.True(exitCode == 0, $"{reason}\n{output}");
        Assert.Contains("accepted: 250 2.0.0 Ok: queued as ", output, StringComparison.Ordinal);
        await Poll.UntilAsync($"the log names {client}", () => postfix.Log.Contains($"[{client}]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("203.0.113.5", "xclient", "Plain")]
    [InlineData("2001:db8:bad::5", "xclient", "Plain")]
    [InlineData("203.0.113.6", "proxy", "Proxied")]
    [InlineData("2001:db8:bad::6", "proxy-v1", "Proxied")]
    public async Task A_client_that_Postfix_does_not_want_is_refused_as_it_would_be(string client, string way, string listener)
    {
        await receiver.PostfixAsync();
        var (exitCode, output) = await SendAsync(listener, "--client", client, "--via", way, "--rcpt", "bob@gw.test");
        Assert.True(exitCode == 1, output);
        Assert.Contains("refused at RCPT with 554 5.7.1 ", output, StringComparison.Ordinal);
        Assert.Contains($"[{client}]>: Client host rejected: not you", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_is_claimed_too()
    {
        var postfix = await receiver.PostfixAsync();
        var (exitCode, output) = await SendAsync("Plain", "--client", "198.51.100.11", "--name", "mail.sender.test", "--rcpt", "bob@gw.test");
        Assert.True(exitCode == 0, output);
        await Poll.UntilAsync("the log has the name", () => postfix.Log.Contains("mail.sender.test[198.51.100.11]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Untrusting", "auto", "does not offer XCLIENT to this machine", "nobody may claim anything")]
    [InlineData("Plain", "proxy", "perhaps the listener requires no PROXY header", "a header that nobody expects")]
    public async Task What_cannot_be_claimed_is_no_verdict(string listener, string way, string problem, string reason)
    {
        await receiver.PostfixAsync();
        var (exitCode, output) = await SendAsync(listener, "--client", "198.51.100.7", "--via", way, "--rcpt", "bob@gw.test");
        Assert.True(exitCode == 2, $"{reason}\n{output}");
        Assert.Contains(problem, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_TLS_XCLIENT_goes_first()
    {
        await receiver.PostfixAsync();
        var (exitCode, output) = await SendAsync("Plain", "--client", "198.51.100.12", "--tls", "--rcpt", "bob@gw.test");
        Assert.True(exitCode == 0, output);
        Assert.Contains("TLS has started: TLS 1.3, TLS_", output, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output)> SendAsync(string listener, params string[] arguments)
    {
        var port = receiver.Ports[listener].ToString(CultureInfo.InvariantCulture);
        return Tools.RunAsync("dotnet", [GatewayProcess.Program, "send", "--to", $"127.0.0.1:{port}", .. arguments]);
    }

    /// <summary>One Postfix with a listener that lets this machine be others, one that demands a PROXY header, and one that does neither.</summary>
    public sealed class Receiver : IAsyncDisposable
    {
        private readonly TempFolder _temp = new();
        private readonly OnDemand<PostfixInstance> _postfix;

        public Receiver() => _postfix = new(StartAsync);

        internal Dictionary<string, int> Ports { get; } = [];

        internal Task<PostfixInstance> PostfixAsync() => _postfix.GetAsync();

        private async Task<PostfixInstance> StartAsync()
        {
            Tools.Require(Tools.Postfix);
            Ports["Proxied"] = FreePort.Next();
            Ports["Untrusting"] = FreePort.Next();
            var unwanted = _temp.Path("unwanted");
            await File.WriteAllTextAsync(unwanted, "203.0.113.0/24 REJECT not you\n2001:db8:bad::/48 REJECT not you\n");
            var main = $"""
                inet_protocols = all
                virtual_mailbox_domains = gw.test
                virtual_transport = discard:
                mynetworks = 192.0.2.0/24
                smtpd_relay_restrictions = reject_unauth_destination
                smtpd_recipient_restrictions =
                smtpd_client_restrictions = check_client_access cidr:{unwanted}
                smtpd_authorized_xclient_hosts = 127.0.0.0/8
                {SmartHost.Certificate(_temp)}

                """;
            var postfix = await PostfixInstance.StartAsync(_temp, "receiver", main, $"""
                127.0.0.1:{Ports["Proxied"]} inet n - n - - smtpd
                  -o smtpd_upstream_proxy_protocol=haproxy
                127.0.0.1:{Ports["Untrusting"]} inet n - n - - smtpd
                  -o smtpd_authorized_xclient_hosts=

                """);
            Ports["Plain"] = postfix.Port;
            return postfix;
        }

        public async ValueTask DisposeAsync()
        {
            await _postfix.DisposeAsync();
            _temp.Dispose();
        }
    }
}
