using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Smtp;
using Gateway.Tests;
using SmtpServer.Protocol;

namespace Gateway.Peers.Tests.Client;

/// <summary>Our SMTP client alone against SmtpServer.</summary>
public sealed class SmtpClientTests : IDisposable
{
    private static readonly SmtpClientOptions Clear = new() { HeloName = "mx.gateway.test", Tls = TlsUse.None };

    private readonly TestAuthority _authority = new();
    private readonly X509Certificate2 _certificate;

    public SmtpClientTests() => _certificate = _authority.Issue("peer.test").Certificate;

    public void Dispose()
    {
        _authority.Dispose();
        _certificate.Dispose();
    }

    private SmtpClientOptions Verified(TlsUse tls) => Clear with
    {
        Tls = tls,
        TlsHostName = "peer.test",
        Trust = ServerTrust.Authorities(() => [X509Certificate2.CreateFromPem(_authority.Pem)]),
    };

    [Fact]
    public async Task The_client_reads_every_extension_that_SmtpServer_offers()
    {
        await using var server = new PeerSmartHost { Certificate = _certificate, User = ("gw", "hush"), MaxMessageSize = 123_456 }.Start();
        await using var clear = await ConnectAsync(server.Endpoint, Clear);
        await using var secured = await ConnectAsync(server.Endpoint, Verified(TlsUse.Required));

        Assert.True(clear.Extensions is
        {
            Pipelining: true, EightBitMime: true, SmtpUtf8: true, StartTls: true, Size: true, MaxMessageSize: 123_456, Chunking: false, EnhancedStatusCodes: false,
        });
        Assert.Empty(clear.Extensions.AuthMechanisms);
        Assert.Equal(["PLAIN", "LOGIN"], secured.Extensions.AuthMechanisms);
        Assert.False(secured.Extensions.StartTls);
    }

    [Fact]
    public async Task A_connection_carries_ten_messages_octet_for_octet()
    {
        await using var server = new PeerSmartHost().Start();
        await using var client = await ConnectAsync(server.Endpoint, Clear);
        var texts = Enumerable.Range(0, 10).Select(static number => $"Subject: {number}\r\n\r\n.\r\n{new string('.', number)}\r\n\r\n").ToList();

        foreach (var text in texts)
            Assert.IsType<SendResult.Delivered>(await SendAsync(client, text));

        Assert.True(client.LooksAlive());
        Assert.Equal(texts, server.Messages.Select(static message => Encoding.UTF8.GetString(message.Content)));
        Assert.Equal(1, server.Sessions);
    }

    [Theory]
    [InlineData(TlsUse.Required, false)]
    [InlineData(TlsUse.Implicit, true)]
    [InlineData(TlsUse.Opportunistic, false)]
    public async Task The_client_speaks_TLS_and_logs_in_only_where_it_has_verified_the_server(TlsUse tls, bool isImplicit)
    {
        await using var server = new PeerSmartHost { Certificate = _certificate, IsImplicit = isImplicit, User = ("gw", "hush") }.Start();

        var result = await TryAsync(server.Endpoint, Verified(tls) with { Credentials = new("gw", "hush") });

        if (tls == TlsUse.Opportunistic)
        {
            Assert.Contains("only sent over TLS", Assert.IsType<ConnectResult.Failed>(result).Reason, StringComparison.Ordinal);
            return;
        }
        await using var client = Assert.IsType<ConnectResult.Connected>(result).Client;
        await SendAsync(client, "Subject: x\r\n\r\nhello\r\n");
        Assert.True(server.Message is { IsSecured: true, User: "gw" });
    }

    [Theory]
    [InlineData(TlsUse.Required, false)]
    [InlineData(TlsUse.Implicit, true)]
    public async Task A_certificate_of_another_authority_ends_the_handshake_with_the_reason(TlsUse tls, bool isImplicit)
    {
        using var other = new TestAuthority();
        using var certificate = other.Issue("peer.test").Certificate;
        await using var server = new PeerSmartHost { Certificate = certificate, IsImplicit = isImplicit }.Start();

        var failed = Assert.IsType<ConnectResult.Failed>(await TryAsync(server.Endpoint, Verified(tls)));

        Assert.True(failed.InHandshake);
        Assert.Contains("not signed by an authority of the CA file", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AUTH PLAIN LOGIN", "hush", true)]
    [InlineData("AUTH LOGIN", "hush", true)]
    [InlineData("AUTH PLAIN LOGIN", "wrong", false)]
    [InlineData("AUTH LOGIN", "wrong", false)]
    public async Task The_client_logs_in_by_PLAIN_or_LOGIN_and_hears_of_a_wrong_password(string offer, string password, bool isAccepted)
    {
        await using var server = new PeerSmartHost
        {
            User = ("gw", "hush"),
            Extension = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? offer : line,
        }.Start();

        var result = await TryAsync(server.Endpoint, Clear with { Credentials = new("gw", password), AuthenticateInClear = true });

        if (isAccepted)
            await Assert.IsType<ConnectResult.Connected>(result).Client.QuitAsync();
        else
            Assert.Equal(535, Assert.IsType<ConnectResult.Refused>(result).Reply.Code);
    }

    [Theory]
    [InlineData("554 5.3.2 no service here", 554)]
    [InlineData("421 4.3.2 not now", 421)]
    public async Task A_greeting_that_refuses_is_a_refusal_and_no_failure(string greeting, int code)
    {
        await using var server = new PeerSmartHost { Greeting = greeting }.Start();

        Assert.Equal(code, Assert.IsType<ConnectResult.Refused>(await TryAsync(server.Endpoint, Clear)).Reply.Code);
    }

    [Theory]
    [InlineData("sender", Verb.Mail, "550 5.7.1 ")]
    [InlineData("recipient", Verb.Rcpt, "550 5.1.1 ")]
    [InlineData("message", Verb.Data, "554 5.6.0 ")]
    public async Task A_refusal_names_the_command_that_it_answers(string refused, Verb stage, string words)
    {
        await using var server = new PeerSmartHost
        {
            Sender = _ => refused == "sender" ? new(SmtpReplyCode.MailboxUnavailable, "5.7.1 not you") : null,
            Recipient = _ => refused == "recipient" ? new(SmtpReplyCode.MailboxUnavailable, "5.1.1 nobody") : null,
            Verdict = refused == "message" ? new(SmtpReplyCode.TransactionFailed, "5.6.0 not this") : SmtpResponse.Ok,
        }.Start();
        await using var client = await ConnectAsync(server.Endpoint, Clear);

        var result = Assert.IsType<SendResult.Refused>(await SendAsync(client, "Subject: x\r\n\r\nhello\r\n"));

        Assert.Equal(stage, result.Stage);
        Assert.StartsWith(words, result.Reply.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_refused_message_the_same_connection_takes_the_next_one()
    {
        await using var server = new PeerSmartHost { Recipient = static address => address.StartsWith("nobody", StringComparison.Ordinal) ? SmtpResponse.MailboxUnavailable : null }.Start();
        await using var client = await ConnectAsync(server.Endpoint, Clear);

        Assert.IsType<SendResult.Refused>(await SendAsync(client, "Subject: x\r\n\r\nhello\r\n", "nobody"));
        Assert.IsType<SendResult.Delivered>(await SendAsync(client, "Subject: x\r\n\r\nhello\r\n"));

        Assert.Equal(["bob@gateway.test"], server.Message.Recipients);
        Assert.Equal(1, server.Sessions);
    }

    [Fact]
    public async Task Recipients_are_asked_for_without_sending_a_message()
    {
        await using var server = new PeerSmartHost { Recipient = static address => address.StartsWith("nobody", StringComparison.Ordinal) ? SmtpResponse.MailboxUnavailable : null }.Start();
        await using var client = await ConnectAsync(server.Endpoint, Clear);
        var codes = new Dictionary<int, int>();

        await client.CheckRecipientsAsync(
            [To("bob"), To("nobody"), To("eve")], (place, answer) => codes[place] = Assert.IsType<RecipientCheckResult.Answered>(answer).Reply.Code, TestContext.Current.CancellationToken);
        await SendAsync(client, "Subject: x\r\n\r\nhello\r\n");

        Assert.Equal([250, 550, 250], codes.OrderBy(static answer => answer.Key).Select(static answer => answer.Value));
        Assert.Equal(["bob@gateway.test"], server.Message.Recipients);
    }

    private static ForwardPath To(string name) => new(new Mailbox(name, "gateway.test"));

    private static Task<SendResult> SendAsync(SmtpClient client, string text, string to = "bob") => client.SendAsync(
        new(new(new("ann", "example.org")), [To(to)], default),
        new(ReadOnlyMemory<byte>.Empty, MessageContent.FromBytes(Encoding.UTF8.GetBytes(text)), []),
        TestContext.Current.CancellationToken);

    private static Task<ConnectResult> TryAsync(IPEndPoint server, SmtpClientOptions options) =>
        SmtpClient.ConnectAsync(server, options, TimeProvider.System, TestContext.Current.CancellationToken);

    private static async Task<SmtpClient> ConnectAsync(IPEndPoint server, SmtpClientOptions options) =>
        Assert.IsType<ConnectResult.Connected>(await TryAsync(server, options)).Client;
}
