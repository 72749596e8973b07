using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Gateway.Peers.Tests.Inbound;

/// <summary>The extensions of SMTP as MailKit uses them, through the gateway to SmtpServer.</summary>
public sealed class ExtensionTests
{
    private const SmtpCapabilities All = SmtpCapabilities.Size | SmtpCapabilities.EnhancedStatusCodes | SmtpCapabilities.EightBitMime
        | SmtpCapabilities.Pipelining | SmtpCapabilities.Chunking | SmtpCapabilities.UTF8;

    private const string EightBit = "Grüße, 世界\n.\n..\n";

    [Fact]
    public async Task MailKit_reads_every_extension_and_the_size_limit_from_EHLO()
    {
        await using var site = await PeerSite.StartAsync("Limits:MessageSize=1234567");
        using var client = await site.ConnectAsync();

        Assert.Equal(All, client.Smtp.Capabilities);
        Assert.Equal(1234567u, client.Smtp.MaxSize);
    }

    [Theory]
    [InlineData(SmtpCapabilities.None, false)]
    [InlineData(SmtpCapabilities.None, true)]
    [InlineData(SmtpCapabilities.Pipelining, false)]
    [InlineData(SmtpCapabilities.Pipelining, true)]
    [InlineData(SmtpCapabilities.EightBitMime, false)]
    [InlineData(SmtpCapabilities.EightBitMime, true)]
    [InlineData(SmtpCapabilities.Size | SmtpCapabilities.UTF8 | SmtpCapabilities.EnhancedStatusCodes, true)]
    [InlineData(All, false)]
    public async Task Whatever_extensions_MailKit_leaves_unused_the_message_arrives_octet_for_octet(SmtpCapabilities unused, bool chunks)
    {
        await using var site = await PeerSite.StartAsync();
        using var client = new MailKitClient(chunks: chunks);
        await client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.None);
        client.Smtp.Capabilities &= ~unused;
        var message = Mail.Of(EightBit, recipients: ["bob@gateway.test", "eve@gateway.test"]);

        await client.SendAsync(message);

        // MailKit has chosen the encoding of the body by now, so this is what it has sent.
        Assert.Equal(message.Octets(), site.SmartHost.Message.Content[^message.Octets().Length..]);
        Assert.Equal(["bob@gateway.test", "eve@gateway.test"], site.SmartHost.Message.Recipients);
    }

    [Fact]
    public async Task MAIL_and_all_RCPT_commands_travel_together_and_are_answered_in_order()
    {
        await using var site = await PeerSite.StartAsync();
        using var client = await site.ConnectAsync();

        await client.SendAsync(Mail.Of(recipients: ["bob@gateway.test", "eve@gateway.test"]));

        var group = client.Dialogue.SkipWhile(static line => !line.StartsWith("C: MAIL", StringComparison.Ordinal)).Take(6).ToList();
        Assert.Equal("C:MAIL C:RCPT C:RCPT S:250 S:250 S:250", string.Join(' ', group.Select(static line => line[..2] + line[3..].Split(' ')[0])));
    }

    [Fact]
    public async Task A_message_by_BDAT_is_taken_with_its_last_chunk()
    {
        await using var site = await PeerSite.StartAsync();
        using var client = new MailKitClient(chunks: true);
        await client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.None);
        var message = Mail.Of();

        await client.SendAsync(message);

        Assert.EndsWith(" LAST", client.Command("BDAT"), StringComparison.Ordinal);
        Assert.DoesNotContain(client.Dialogue, static line => line == "C: DATA");
        Assert.Equal(message.Octets(), site.SmartHost.Message.Content[^message.Octets().Length..]);
    }

    [Fact]
    public async Task An_8_bit_body_is_declared_and_stays_8_bit_to_the_smart_host()
    {
        await using var site = await PeerSite.StartAsync();
        using var client = await site.ConnectAsync();
        var message = Mail.Of(EightBit);
        ((TextPart)message.Body!).ContentTransferEncoding = ContentEncoding.EightBit;

        await client.SendAsync(message);

        Assert.EndsWith(" BODY=8BITMIME", client.Command("MAIL"), StringComparison.Ordinal);
        Assert.Contains("BODY", site.SmartHost.Message.Parameters);
        Assert.Contains("Grüße, 世界", Encoding.UTF8.GetString(site.SmartHost.Message.Content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jürgen@example.org", "bob@gateway.test")]
    [InlineData("ann@example.org", "jürgen@gateway.test")]
    [InlineData("用户@例子.example", "δοκιμή@gateway.test")]
    public async Task An_address_beyond_ASCII_goes_with_SMTPUTF8_to_the_smart_host(string sender, string recipient)
    {
        await using var site = await PeerSite.StartAsync();
        using var client = await site.ConnectAsync();

        await client.SendAsync(Mail.Of(Mail.Text, sender, recipient));

        Assert.Contains(" SMTPUTF8", client.Command("MAIL"), StringComparison.Ordinal);
        Assert.Contains("SMTPUTF8", site.SmartHost.Message.Parameters);
        Assert.Equal([recipient], site.SmartHost.Message.Recipients);
        Assert.Contains(" with UTF8SMTP id ", Encoding.UTF8.GetString(site.SmartHost.Message.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MailKit_declares_the_size_and_a_message_over_the_limit_is_refused_at_MAIL()
    {
        await using var site = await PeerSite.StartAsync("Limits:MessageSize=65536");
        using var client = await site.ConnectAsync();

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail.Of(new string('x', 70_000))));

        Assert.Contains(" SIZE=7", client.Command("MAIL"), StringComparison.Ordinal);
        Assert.Equal((SmtpErrorCode.SenderNotAccepted, 552), (refusal.ErrorCode, (int)refusal.StatusCode));
        Assert.StartsWith("5.3.4 ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_over_the_limit_that_was_not_declared_is_read_to_its_end_and_refused(bool chunks)
    {
        await using var site = await PeerSite.StartAsync("Limits:MessageSize=65536");
        using var client = new MailKitClient(chunks: chunks);
        await client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.None);
        client.Smtp.Capabilities &= ~SmtpCapabilities.Size;

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail.Of(new string('x', 70_000))));
        await client.SendAsync(Mail.Of());

        Assert.Equal((SmtpErrorCode.MessageNotAccepted, 552), (refusal.ErrorCode, (int)refusal.StatusCode));
        Assert.StartsWith("5.3.4 ", refusal.Message, StringComparison.Ordinal);
        Assert.Single(site.SmartHost.Messages);
    }

    [Fact]
    public async Task A_connection_carries_many_messages_with_NOOP_between_them()
    {
        await using var site = await PeerSite.StartAsync();
        using var client = await site.ConnectAsync();

        for (var number = 0; number < 20; number++)
        {
            await client.SendAsync(Mail.Of($"message {number}\n"));
            await client.Smtp.NoOpAsync(TestContext.Current.CancellationToken);
        }
        await client.Smtp.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);

        Assert.Equal(20, site.SmartHost.Messages.Count);
        Assert.True(await site.Gateway.EndedAsync() is { DeliveredCount: 20, End: Smtp.SessionEnd.Quit });
    }

    [Fact]
    public async Task VRFY_is_neither_confirmed_nor_denied()
    {
        await using var site = await PeerSite.StartAsync();
        using var client = await site.ConnectAsync();

        var answer = await Assert.ThrowsAsync<SmtpCommandException>(() => client.Smtp.VerifyAsync("bob@gateway.test", TestContext.Current.CancellationToken));

        Assert.Equal(SmtpStatusCode.CannotVerifyUserWillAttemptDelivery, answer.StatusCode);
    }
}
