using System.Security.Cryptography;
using System.Text;
using MailKit.Security;
using MimeKit;

namespace Gateway.Peers.Tests.Relay;

/// <summary>Messages through a whole gateway to SmtpServer: nothing of them may change below the new trace fields.</summary>
public sealed class DeliveryTests
{
    public static TheoryData<string, string> Contents => new()
    {
        { "a plain message", "Subject: x\r\n\r\nhello\r\n" },
        { "dots at the beginning of lines", "Subject: x\r\n\r\n.\r\n..\r\n...\r\n. \r\n.hidden\r\n.\r\n" },
        { "a header without a body", "Subject: x\r\nX-Last: y\r\n" },
        { "a body without a header", "\r\nhello\r\n" },
        { "empty lines at the end", "Subject: x\r\n\r\nhello\r\n\r\n\r\n\r\n" },
        { "blanks at the ends of lines", "Subject: x \r\nX-Empty:\t\r\n\r\nhello \t \r\n \r\n" },
        { "every octet from 128 to 255", $"Subject: x\r\n\r\n{Characters(128, 255)}\r\n" },
        { "every control character but NUL, LF and CR", $"Subject: x\r\n\r\n{Characters(1, 9)}{Characters(11, 12)}{Characters(14, 31)}\x7f\r\n" },
        { "a line of 20,000 octets", $"Subject: x\r\n\r\n{new string('x', 20_000)}\r\nend\r\n" },
        { "60,000 short lines", $"Subject: x\r\n\r\n{string.Concat(Enumerable.Repeat(".\r\na\r\n\r\n", 20_000))}" },
        { "fields that are folded, repeated and malformed", "Subject: x\r\n\ty\r\nSubject: z\r\nno field at all\r\nDKIM-Signature: v=1; b=\r\n  AAAA\r\n\r\nhello\r\n" },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task A_message_arrives_octet_for_octet_below_the_trace_fields(string reason, string text)
    {
        await using var site = await PeerSite.StartAsync();
        var content = Encoding.Latin1.GetBytes(text);

        var reply = await Sender.SendAsync(site.Gateway.Endpoint, content);

        Assert.Equal(250, reply.Code);
        var arrived = site.SmartHost.Message.Content;
        Assert.True(arrived.AsSpan().EndsWith(content), reason);
        // What the gateway puts in front are whole header fields, and only these two.
        var lines = Encoding.Latin1.GetString(arrived[..^content.Length]).Split("\r\n");
        Assert.Equal(["Authentication-Results", "Received", ""], lines.Where(static line => line is not ['\t', ..]).Select(static line => line.Split(':')[0]));
    }

    private static string Characters(int first, int last) => new([.. Enumerable.Range(first, last - first + 1).Select(static number => (char)number)]);

    [Fact]
    public async Task A_message_without_a_final_CRLF_gets_one_and_nothing_else()
    {
        await using var site = await PeerSite.StartAsync();

        await Sender.SendAsync(site.Gateway.Endpoint, "Subject: x\r\n\r\nno end"u8.ToArray());

        Assert.EndsWith("\r\n\r\nno end\r\n", Encoding.Latin1.GetString(site.SmartHost.Message.Content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_of_20_MB_with_an_attachment_arrives_octet_for_octet(bool chunks)
    {
        var attachment = new byte[15_000_000];
        new Random(1).NextBytes(attachment);
        var message = Mail.Of();
        message.Body = new Multipart("mixed")
        {
            new TextPart("plain") { Text = Mail.Text },
            new MimePart("application", "octet-stream") { Content = new MimeContent(new MemoryStream(attachment)), ContentTransferEncoding = ContentEncoding.Base64 },
        };
        await using var site = await PeerSite.StartAsync();
        using var client = new MailKitClient(isLogged: false, chunks: chunks);
        await client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.None);

        await client.SendAsync(message);

        var sent = message.Octets();
        Assert.InRange(sent.Length, 20_000_000, 21_000_000);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(site.SmartHost.Message.Content.AsSpan(^sent.Length)));
    }

    [Fact]
    public async Task A_message_of_20_MB_over_TLS_on_both_sides_arrives_octet_for_octet()
    {
        using var certificate = new GatewayCertificate();
        using var peer = certificate.Authority.Issue("peer.test").Certificate;
        await using var site = await PeerSite.StartAsync(new PeerSmartHost { Certificate = peer },
            [.. certificate.Settings, "SmartHosts:0:Tls=Required", $"SmartHosts:0:CaFile={certificate.CaFile}", "SmartHosts:0:CertificateName=peer.test"]);
        using var client = new MailKitClient(certificate.Authority, isLogged: false);
        await client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.StartTls);
        var message = Mail.Of(string.Concat(Enumerable.Repeat("..twenty octets, LF\n", 1_000_000)));

        await client.SendAsync(message);

        var sent = message.Octets();
        Assert.True(site.SmartHost.Message.IsSecured);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(site.SmartHost.Message.Content.AsSpan(^sent.Length)));
    }

    [Fact]
    public async Task The_envelope_is_passed_on_as_the_client_gave_it_whatever_the_header_says()
    {
        await using var site = await PeerSite.StartAsync();
        using var client = await site.ConnectAsync();

        await client.Smtp.SendAsync(FormatOptions.Default, Mail.Of(), Mail.Address("bounce+x=y@example.org"),
            [Mail.Address("\"quoted bob\"@gateway.test"), Mail.Address("eve@GATEWAY.test")], TestContext.Current.CancellationToken);

        Assert.Equal("bounce+x=y@example.org", site.SmartHost.Message.Sender);
        Assert.Equal(["quoted bob@gateway.test", "eve@GATEWAY.test"], site.SmartHost.Message.Recipients);
    }

    [Fact]
    public async Task A_bounce_keeps_its_null_sender()
    {
        await using var site = await PeerSite.StartAsync();

        await Sender.SendAsync(site.Gateway.Endpoint, "Subject: x\r\n\r\nhello\r\n"u8.ToArray(), isBounce: true);

        Assert.Equal("", site.SmartHost.Message.Sender);
    }

    [Fact]
    public async Task One_connection_to_the_smart_host_carries_message_after_message()
    {
        await using var site = await PeerSite.StartAsync("SmartHosts:0:VerifyRecipients=false");
        using var client = await site.ConnectAsync();

        for (var number = 0; number < 20; number++)
            await client.SendAsync(Mail.Of());

        Assert.Equal((20, 1), (site.SmartHost.Messages.Count, site.SmartHost.Sessions));
    }

    [Fact]
    public async Task Clients_at_the_same_time_get_each_their_own_message_through()
    {
        await using var site = await PeerSite.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            using var client = await site.ConnectAsync();
            await client.SendAsync(Mail.Of($"for user {number}.\n", recipients: $"user{number}@gateway.test"));
        }));

        Assert.Equal(
            Enumerable.Range(0, 20).Select(static number => $"user{number}@gateway.test: for user {number}.").Order(),
            site.SmartHost.Messages.Select(static message => $"{message.Recipients[0]}: {Encoding.ASCII.GetString(message.Content).Split("\r\n")[^2]}").Order());
    }
}
