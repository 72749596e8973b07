using System.Text;
using Gateway.Peers.Tests.Dns;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Gateway.Peers.Tests.Inbound;

/// <summary>What a sender learns from MailKit when the gateway refuses, at each stage. Our DNS server serves the reverse zone.</summary>
public sealed class RefusalTests
{
    private const string Start = "$TTL 1h\n@ SOA ns.peer.test. h.peer.test. 1 1h 1h 1h 5m\n";
    private const string Reverse = $"$ORIGIN 127.in-addr.arpa.\n{Start}";
    private const string Forward = $"$ORIGIN peer.test.\n{Start}client A 127.0.0.1\n@ MX 10 client\n";

    [Theory]
    [InlineData("Connect", "none", SmtpErrorCode.UnexpectedStatusCode, 554, "mx.gateway.test does not accept mail from [127.0.0.1]")]
    [InlineData("Connect", "servfail", SmtpErrorCode.UnexpectedStatusCode, 421, "mx.gateway.test does not accept mail from [127.0.0.1]")]
    [InlineData("Helo", "none", SmtpErrorCode.UnexpectedStatusCode, 550, "Reverse DNS required: no PTR record found for [127.0.0.1]")]
    [InlineData("Helo", "servfail", SmtpErrorCode.UnexpectedStatusCode, 451, "Reverse DNS failed")]
    [InlineData("Mail", "none", SmtpErrorCode.SenderNotAccepted, 550, "5.7.25 Reverse DNS required: no PTR record found for [127.0.0.1]")]
    [InlineData("Mail", "servfail", SmtpErrorCode.SenderNotAccepted, 451, "4.7.25 Reverse DNS failed")]
    [InlineData("Recipient", "none", SmtpErrorCode.RecipientNotAccepted, 550, "5.7.25 Reverse DNS required: no PTR record found for [127.0.0.1]")]
    [InlineData("Recipient", "servfail", SmtpErrorCode.RecipientNotAccepted, 451, "4.7.25 Reverse DNS failed")]
    [InlineData("Data", "none", SmtpErrorCode.MessageNotAccepted, 550, "5.7.25 Reverse DNS required: no PTR record found for [127.0.0.1]")]
    [InlineData("Data", "servfail", SmtpErrorCode.MessageNotAccepted, 451, "4.7.25 Reverse DNS failed")]
    public async Task A_client_without_reverse_DNS_hears_why_at_the_stage_that_is_configured(
        string stage, string fault, SmtpErrorCode error, int code, string words)
    {
        await using var zones = (await ServedZones.StartAsync(Reverse, Forward)).With($"1.0.0.127.in-addr.arpa {fault}");
        await using var site = await PeerSite.StartAsync(Judged(zones, $"Listeners:0:RefuseAt={stage}"));
        using var client = new MailKitClient();

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(async () =>
        {
            await client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.None);
            await client.SendAsync(Mail.Of(sender: "ann@peer.test"));
        });

        Assert.Equal((error, code), (refusal.ErrorCode, (int)refusal.StatusCode));
        Assert.StartsWith(words, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(" id=", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(site.SmartHost.Messages);
    }

    [Fact]
    public async Task A_client_with_confirmed_reverse_DNS_is_accepted_and_named_in_the_trace()
    {
        await using var zones = await ServedZones.StartAsync(Reverse + "1.0.0 PTR client.peer.test.\n", Forward);
        await using var site = await PeerSite.StartAsync(Judged(zones, "Listeners:0:Profile=fcrdns"));
        using var client = await site.ConnectAsync();

        await client.SendAsync(Mail.Of(sender: "ann@peer.test"));

        var content = Encoding.UTF8.GetString(site.SmartHost.Message.Content);
        Assert.Contains("Received: from client.example (client.peer.test [127.0.0.1])\r\n", content, StringComparison.Ordinal);
        Assert.Contains("iprev=pass", content, StringComparison.Ordinal);
    }

    private static string[] Judged(ServedZones zones, string setting) => ["Policy:ExemptPrivate=false", $"Dns:Servers:0={zones.EndPoint}", setting];

    [Theory]
    [InlineData(550, "5.7.1 this sender is not wanted")]
    [InlineData(451, "4.3.0 not now")]
    public async Task A_sender_that_the_smart_host_refuses_is_told_at_the_end_of_the_message(int code, string words)
    {
        await using var site = await PeerSite.StartAsync(new PeerSmartHost { Sender = address => address.Length == 0 ? null : new((SmtpServer.Protocol.SmtpReplyCode)code, words) });

        await RefusedAsync(site, Mail.Of(), SmtpErrorCode.MessageNotAccepted, code, words);
    }

    [Theory]
    [InlineData(550, "5.1.1 no such user")]
    [InlineData(452, "4.2.2 mailbox full")]
    public async Task A_recipient_that_the_smart_host_refuses_is_refused_at_RCPT_in_its_words(int code, string words)
    {
        await using var site = await PeerSite.StartAsync(new PeerSmartHost { Recipient = _ => new((SmtpServer.Protocol.SmtpReplyCode)code, words) });

        var refusal = await RefusedAsync(site, Mail.Of(), SmtpErrorCode.RecipientNotAccepted, code, words);

        Assert.Equal("bob@gateway.test", refusal.Mailbox?.Address);
        Assert.Empty(site.SmartHost.Messages);
    }

    [Fact]
    public async Task Recipients_are_refused_one_by_one_and_the_others_get_the_message()
    {
        await using var site = await PeerSite.StartAsync(
            new PeerSmartHost { Recipient = static address => address.StartsWith("nobody", StringComparison.Ordinal) ? new(SmtpServer.Protocol.SmtpReplyCode.MailboxUnavailable, "5.1.1 no such user") : null });
        List<string> refused = [];
        using var client = new MailKitClient(refused: refused);
        await client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.None);

        await client.SendAsync(Mail.Of(recipients: ["bob@gateway.test", "nobody@gateway.test", "carol@elsewhere.example", "eve@gateway.test"]));

        Assert.Equal(["nobody@gateway.test: 550 5.1.1", "carol@elsewhere.example: 550 5.7.1"], refused.Select(static line => string.Join(' ', line.Split(' ').Take(3))));
        Assert.Equal(["bob@gateway.test", "eve@gateway.test"], site.SmartHost.Message.Recipients);
    }

    [Fact]
    public async Task Where_recipients_are_not_asked_for_their_refusal_comes_at_the_end_of_the_message()
    {
        await using var site = await PeerSite.StartAsync(
            new PeerSmartHost { Recipient = static _ => new(SmtpServer.Protocol.SmtpReplyCode.MailboxUnavailable, "5.1.1 no such user") }, "SmartHosts:0:VerifyRecipients=false");

        await RefusedAsync(site, Mail.Of(), SmtpErrorCode.MessageNotAccepted, 550, "5.1.1 no such user");
    }

    [Theory]
    [InlineData(554, "5.6.0 this message is not wanted")]
    [InlineData(552, "5.2.3 too large for this mailbox")]
    [InlineData(452, "4.3.1 no room at the moment")]
    public async Task A_message_that_the_smart_host_refuses_is_refused_in_its_words(int code, string words)
    {
        await using var site = await PeerSite.StartAsync(new PeerSmartHost { Verdict = new((SmtpServer.Protocol.SmtpReplyCode)code, words) });

        await RefusedAsync(site, Mail.Of(), SmtpErrorCode.MessageNotAccepted, code, words);
    }

    [Theory]
    [InlineData("554 5.3.2 no service here")]
    [InlineData("421 4.3.2 not now")]
    public async Task A_smart_host_that_greets_with_a_refusal_makes_the_client_keep_the_message(string greeting)
    {
        await using var site = await PeerSite.StartAsync(new PeerSmartHost { Greeting = greeting });

        await RefusedAsync(site, Mail.Of(), SmtpErrorCode.MessageNotAccepted, 451, "4.4.1 ");
        Assert.Empty(site.SmartHost.Messages);
    }

    [Fact]
    public async Task A_smart_host_that_is_down_makes_the_client_keep_the_message()
    {
        await using var site = await PeerSite.StartAsync();
        await site.SmartHost.StopAsync();

        await RefusedAsync(site, Mail.Of(), SmtpErrorCode.MessageNotAccepted, 451, "4.4.1 ");
    }

    [Fact]
    public async Task One_recipient_more_than_a_transaction_may_have_is_refused_for_now()
    {
        await using var site = await PeerSite.StartAsync("Limits:Recipients=100", "SmartHosts:0:VerifyRecipients=false");
        string[] recipients = [.. Enumerable.Range(1, 101).Select(static number => $"user{number}@gateway.test")];

        var refusal = await RefusedAsync(site, Mail.Of(recipients: recipients), SmtpErrorCode.RecipientNotAccepted, 452, "4.5.3 ");

        Assert.Equal("user101@gateway.test", refusal.Mailbox?.Address);
    }

    [Fact]
    public async Task A_message_in_a_loop_is_refused()
    {
        await using var site = await PeerSite.StartAsync("Limits:ReceivedFields=10");
        var message = Mail.Of();
        for (var number = 0; number < 10; number++)
            message.Headers.Add(HeaderId.Received, "by loop.example; Thu, 1 Jan 2026 00:00:00 +0000");

        await RefusedAsync(site, message, SmtpErrorCode.MessageNotAccepted, 554, "5.4.6 ");
    }

    private static async Task<SmtpCommandException> RefusedAsync(PeerSite site, MimeMessage message, SmtpErrorCode error, int code, string words)
    {
        using var client = await site.ConnectAsync();
        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(message));
        Assert.Equal((error, code), (refusal.ErrorCode, (int)refusal.StatusCode));
        Assert.StartsWith(words, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }
}
