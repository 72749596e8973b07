using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Tests;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Gateway.Peers.Tests;

/// <summary>MailKit as the client, with what it and the server said.</summary>
internal sealed class MailKitClient : IDisposable
{
    /// <summary>The name that the certificate of the gateway must carry.</summary>
    public const string GatewayName = "mx.gateway.test";

    private readonly MemoryStream _log = new();
    private readonly X509Certificate2? _trusted;

    /// <param name="trusted">The only authority whose certificates count; null leaves the choice to MailKit and the system.</param>
    /// <param name="isLogged">False keeps no dialogue, for messages that would fill the memory.</param>
    /// <param name="chunks">Messages go by BDAT where the server offers CHUNKING; by itself, MailKit prefers DATA.</param>
    /// <param name="refused">Takes the recipients that are refused, and the others get the message; null ends the sending with an exception.</param>
    public MailKitClient(TestAuthority? trusted = null, bool isLogged = true, bool chunks = false, List<string>? refused = null)
    {
        IProtocolLogger log = isLogged ? new ProtocolLogger(_log, leaveOpen: true) { ClientPrefix = "C: ", ServerPrefix = "S: " } : new NullProtocolLogger();
        Smtp = new Client(log, chunks, refused);
        Smtp.LocalDomain = "client.example";
        if (trusted is null)
            return;
        _trusted = X509Certificate2.CreateFromPem(trusted.Pem);
        // The certificates of the tests have no place where a revocation could be looked up.
        Smtp.CheckCertificateRevocation = false;
        Smtp.ServerCertificateValidationCallback = Verify;
    }

    /// <summary>MailKit's own client.</summary>
    public SmtpClient Smtp { get; }

    /// <summary>The dialogue, a line each with <c>C: </c> or <c>S: </c> in front.</summary>
    public IReadOnlyList<string> Dialogue => Encoding.UTF8.GetString(_log.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The first command that begins so.</summary>
    public string Command(string verb) => Dialogue.First(line => line.StartsWith($"C: {verb}", StringComparison.Ordinal))[3..];

    /// <summary>Connects to an address, as if it had been found under <see cref="GatewayName"/>.</summary>
    public async Task ConnectAsync(IPEndPoint server, SecureSocketOptions security)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server, TestContext.Current.CancellationToken);
            await Smtp.ConnectAsync(socket, GatewayName, server.Port, security, TestContext.Current.CancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool Verify(object sender, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_trusted!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && certificate is X509Certificate2 presentedCertificate && chain.Build(presentedCertificate);
    }

    private sealed class Client(IProtocolLogger log, bool chunks, List<string>? refused) : SmtpClient(log)
    {
        protected override bool PreferSendAsBinaryData => chunks;

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            if (refused is null)
                base.OnRecipientNotAccepted(message, mailbox, response);
            else
                refused.Add($"{mailbox.Address}: {(int)response.StatusCode} {response.Response}");
        }
    }

    public void Dispose()
    {
        Smtp.Dispose();
        _trusted?.Dispose();
        _log.Dispose();
    }
}
