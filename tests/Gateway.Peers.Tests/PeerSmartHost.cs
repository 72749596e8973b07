using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Gateway.Peers.Tests;

/// <summary>SmtpServer as the smart host, on a free port of the loopback. It keeps what it takes, and refuses where a test wants it.</summary>
internal sealed class PeerSmartHost : IMessageStore, IMailboxFilter, IUserAuthenticator, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;
    private int _sessions;

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Offers STARTTLS; null offers none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>TLS begins with the first octet.</summary>
    public bool IsImplicit { get; init; }

    /// <summary>The only user who may log in; null offers no AUTH.</summary>
    public (string Name, string Password)? User { get; init; }

    /// <summary>MAIL needs a login.</summary>
    public bool RequiresLogin { get; init; }

    /// <summary>The limit that SIZE announces; 0 announces none.</summary>
    public int MaxMessageSize { get; init; }

    /// <summary>What EHLO announces in place of each line of SmtpServer: the same line, another one, or null for none.</summary>
    public Func<string, string?> Extension { get; init; } = static line => line;

    /// <summary>Instead of the usual 220.</summary>
    public string? Greeting { get; init; }

    /// <summary>A refusal of the reverse-path; null takes it.</summary>
    public Func<string, SmtpResponse?> Sender { get; init; } = static _ => null;

    /// <summary>A refusal of the forward-path; null takes it.</summary>
    public Func<string, SmtpResponse?> Recipient { get; init; } = static _ => null;

    /// <summary>The reply to the end of data.</summary>
    public SmtpResponse Verdict { get; init; } = new(SmtpReplyCode.Ok, "2.0.0 taken by the peer");

    /// <summary>Every message that arrived whole, also those that <see cref="Verdict"/> refused.</summary>
    public ConcurrentQueue<PeerMessage> Messages { get; } = [];

    /// <summary>How many connections there were.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>The message, where a test sends one.</summary>
    public PeerMessage Message => Assert.Single(Messages);

    public PeerSmartHost Start()
    {
        var options = new SmtpServerOptionsBuilder()
            .ServerName("peer.test")
            .Endpoint(endpoint =>
            {
                endpoint.Endpoint(Endpoint).AuthenticationRequired(RequiresLogin).AllowUnsecureAuthentication(Certificate is null).IsSecure(IsImplicit);
                if (Certificate is not null)
                    endpoint.Certificate(Certificate);
            });
        if (MaxMessageSize > 0)
            options.MaxMessageSize(MaxMessageSize, MaxMessageSizeHandling.Strict);
        if (Greeting is not null)
            options.CustomSmtpGreeting(_ => Greeting);
        var listening = new EndpointListenerFactory();
        listening.EndpointStarted += (_, started) => Endpoint = (IPEndPoint)started.LocalEndPoint;
        var services = new ServiceProvider();
        services.Add(listening);
        services.Add((IMessageStore)this);
        services.Add((IMailboxFilter)this);
        services.Add(new Commands(this));
        if (User is not null)
            services.Add((IUserAuthenticator)this);
        var server = new SmtpServer.SmtpServer(options.Build(), services);
        server.SessionCreated += (_, _) => Interlocked.Increment(ref _sessions);
        // The port is known when this call returns: SmtpServer listens before it waits for anything.
        _running = server.StartAsync(_end.Token);
        return this;
    }

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) =>
        Task.FromResult((user, password) == User);

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) =>
        Judge(Sender(Write(from)));

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
        Judge(Recipient(Write(to)));

    private static Task<bool> Judge(SmtpResponse? refusal) =>
        refusal is null ? Task.FromResult(true) : throw new SmtpResponseException(refusal);

    public Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        // SmtpServer takes the CRLF before the final dot for a part of the end of data. RFC 5321 §4.1.1.4: it belongs to the message.
        byte[] content = [.. buffer.ToArray(), .. "\r\n"u8];
        Messages.Enqueue(new(
            Write(transaction.From), [.. transaction.To.Select(Write)], [.. transaction.Parameters.Keys.Select(static key => key.ToUpperInvariant()).Order(StringComparer.Ordinal)],
            content, context.Pipe.IsSecure, context.Authentication.IsAuthenticated ? context.Authentication.User : null));
        return Task.FromResult(Verdict);
    }

    private static string Write(IMailbox mailbox) => string.IsNullOrEmpty(mailbox.User) ? "" : $"{mailbox.User}@{mailbox.Host}";

    /// <summary>Closes the port and every connection.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _running.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    /// <summary>Commands as SmtpServer has them, but for the extensions of EHLO.</summary>
    private sealed class Commands(PeerSmartHost host) : SmtpCommandFactory
    {
        public override SmtpCommand CreateEhlo(string domainOrAddress) => new Ehlo(host, domainOrAddress);
    }

    private sealed class Ehlo(PeerSmartHost host, string domainOrAddress) : EhloCommand(domainOrAddress)
    {
        protected override IEnumerable<string> GetExtensions(ISessionContext context) => base.GetExtensions(context).Select(host.Extension).OfType<string>();
    }
}

/// <summary>A message as SmtpServer got it.</summary>
/// <param name="Sender">The reverse-path; empty for the null sender.</param>
/// <param name="Recipients">The forward-paths, in order.</param>
/// <param name="Parameters">The keywords behind MAIL, in alphabetical order.</param>
/// <param name="Content">Its octets, without the dots of the transport.</param>
/// <param name="IsSecured">It came over TLS.</param>
/// <param name="User">As whom Gateway had logged in; null without a login.</param>
internal sealed record PeerMessage(
    string Sender, IReadOnlyList<string> Recipients, IReadOnlyList<string> Parameters, byte[] Content, bool IsSecured, string? User);
