using System.Text;
using MailKit.Net.Smtp;
using MimeKit;

namespace Gateway.Peers.Tests.Relay;

/// <summary>A smart host that offers less than the gateway does.</summary>
public sealed class LimitsTests
{
    [Fact]
    public async Task A_message_larger_than_the_smart_host_takes_is_refused_for_good()
    {
        await using var site = await PeerSite.StartAsync(new PeerSmartHost { MaxMessageSize = 50_000 });
        using var client = await site.ConnectAsync();

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail.Of(new string('x', 60_000))));
        await client.SendAsync(Mail.Of());

        Assert.Equal(552, (int)refusal.StatusCode);
        Assert.StartsWith("5.3.4 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SIZE", site.SmartHost.Message.Parameters);
    }

    [Fact]
    public async Task A_recipient_beyond_ASCII_is_refused_where_the_smart_host_lacks_SMTPUTF8()
    {
        await using var site = await PeerSite.StartAsync(Without("SMTPUTF8"));
        using var client = await site.ConnectAsync();

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail.Of(recipients: "jürgen@gateway.test")));

        Assert.Equal((SmtpErrorCode.RecipientNotAccepted, 553), (refusal.ErrorCode, (int)refusal.StatusCode));
        Assert.StartsWith("5.6.7 ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Pass")]
    [InlineData("Refuse")]
    public async Task An_8_bit_message_is_passed_unchanged_or_refused_where_the_smart_host_lacks_8BITMIME(string choice)
    {
        await using var site = await PeerSite.StartAsync(Without("8BITMIME"), $"SmartHosts:0:EightBit={choice}");
        using var client = await site.ConnectAsync();
        var message = Mail.Of("Grüße\n");
        ((TextPart)message.Body!).ContentTransferEncoding = ContentEncoding.EightBit;

        var refusal = await Record.ExceptionAsync(() => client.SendAsync(message));

        if (choice == "Refuse")
            Assert.StartsWith("5.6.3 ", Assert.IsType<SmtpCommandException>(refusal).Message, StringComparison.Ordinal);
        else
            Assert.EndsWith("\r\n\r\nGrüße\r\n", Encoding.UTF8.GetString(site.SmartHost.Message.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_PIPELINING_the_same_message_arrives()
    {
        await using var site = await PeerSite.StartAsync(Without("PIPELINING"));
        using var client = await site.ConnectAsync();
        var message = Mail.Of(recipients: ["bob@gateway.test", "eve@gateway.test"]);

        await client.SendAsync(message);

        Assert.Equal(message.Octets(), site.SmartHost.Message.Content[^message.Octets().Length..]);
        Assert.Equal(2, site.SmartHost.Message.Recipients.Count);
    }

    private static PeerSmartHost Without(string keyword) => new() { Extension = line => line == keyword ? null : line };
}
