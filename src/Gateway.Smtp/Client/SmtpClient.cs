using System.Net;

namespace Gateway.Smtp;

/// <summary>
/// Sends messages and checks recipients over one connection, for a relay whose own client is waiting: commands are sent together as far as the
/// server allows. One message at a time. Not safe for concurrent use.
/// </summary>
public sealed class SmtpClient : IAsyncDisposable
{
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private static readonly byte[] Quit = "QUIT\r\n"u8.ToArray();

    /// <summary>Recipients that are checked at once: few, so that the server does not slow down even if it refuses all of them.</summary>
    public const int MostChecks = 5;

    // Postfix waits a second before each of its replies when it has refused ten commands since the last message, and begins to count
    // RSET among them after a hundred (smtpd_soft_error_limit, smtpd_junk_command_limit).
    private const int MostRefused = 9 - MostChecks;
    private const int MostAsked = 99 - MostChecks;

    private readonly SmtpConnection _connection;
    private readonly SmtpClientOptions _options;
    private bool _isBroken;
    private bool _needsReset;
    private int _asked;
    private int _refused;

    internal SmtpClient(SmtpConnection connection, SmtpClientOptions options, ServerExtensions extensions, Reply greeting)
    {
        _connection = connection;
        _options = options;
        Extensions = extensions;
        Greeting = greeting;
    }

    /// <summary>What the server offered, after TLS if it is used.</summary>
    public ServerExtensions Extensions { get; }

    public Reply Greeting { get; }

    public bool IsSecured => _connection.IsSecured;

    /// <summary>Whether another message may be sent on this connection.</summary>
    public bool IsReusable => !_isBroken && !_connection.IsClosed && !_connection.HasUnread && !_connection.Deadline.HasPassed;

    /// <summary>There were so many recipient checks since the last message that the server would soon slow down. A new connection is better.</summary>
    public bool IsDueForReplacement => _refused > MostRefused || _asked > MostAsked;

    /// <summary>Connects, greets, secures and authenticates. A cancelled token gives Failed, as a time-out does.</summary>
    public static async Task<ConnectResult> ConnectAsync(
        EndPoint server, SmtpClientOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var deadline = new ClientDeadline(time);
        await using var cancelled = deadline.EndWith(cancellationToken);
        SmtpConnection connection;
        try
        {
            connection = await SmtpConnection.ConnectAsync(server, source: null, options.ConnectTimeout, deadline);
        }
        catch (SmtpConnectionException e)
        {
            return new ConnectResult.Failed(e.Message);
        }
        return await OpenAsync(connection, options, NameOf(server));
    }

    /// <summary>The same on a stream that is connected already; it is closed with the client.</summary>
    public static async Task<ConnectResult> ConnectAsync(
        Stream stream, SmtpClientOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var deadline = new ClientDeadline(time);
        await using var cancelled = deadline.EndWith(cancellationToken);
        return await OpenAsync(new SmtpConnection(stream, null, deadline), options, "");
    }

    /// <summary>
    /// Sends a message to all its recipients or to none. A cancelled token gives Failed, so that no exception hides what became of the message. An
    /// exception of the content is thrown on, and the connection is closed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection is not <see cref="IsReusable"/>.</exception>
    public Task<SendResult> SendAsync(Envelope envelope, OutgoingMessage message, CancellationToken cancellationToken) =>
        SendAsync(envelope, message, null, cancellationToken);

    /// <summary>Sends a message, for a caller that waits longer for the reply than for everything before it.</summary>
    /// <param name="envelope">Sender and recipients.</param>
    /// <param name="message">The message.</param>
    /// <param name="beforeEnd">Called just before the end of the data is written. From then on the server may have the message.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<SendResult> SendAsync(
        Envelope envelope, OutgoingMessage message, Action? beforeEnd, CancellationToken cancellationToken)
    {
        if (!IsReusable)
            throw new InvalidOperationException("this connection has ended");
        ArgumentOutOfRangeException.ThrowIfZero(envelope.Recipients.Count, nameof(envelope));
        if (Preflight.Check(envelope, message, Extensions, _options) is { } refused)
            return refused;

        await using var turn = new Turn(this, cancellationToken);
        var transaction = new MailTransaction(_connection, Extensions, _options, envelope, message, beforeEnd);
        (var result, var isReusable) = await transaction.RunAsync(_needsReset);
        turn.End(isReusable, transaction.NeedsReset);
        if (result is SendResult.Delivered)
            (_asked, _refused) = (0, 0);
        return result;
    }

    /// <summary>
    /// Checks whether the server would take mail for each of these recipients, and sends none. A cancelled token gives Failed.
    /// </summary>
    /// <param name="recipients">At most <see cref="MostChecks"/>.</param>
    /// <param name="heard">Gets the results in the order of the recipients, each as soon as it is there.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidOperationException">The connection is not <see cref="IsReusable"/>.</exception>
    public async Task CheckRecipientsAsync(IReadOnlyList<ForwardPath> recipients, Action<int, RecipientCheckResult> heard, CancellationToken cancellationToken)
    {
        if (!IsReusable)
            throw new InvalidOperationException("this connection has ended");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(recipients.Count, MostChecks, nameof(recipients));

        await using var turn = new Turn(this, cancellationToken);
        var question = new RecipientCheck(_connection, Extensions, _options, recipients, Count);
        var isReusable = await question.RunAsync(_needsReset);
        turn.End(isReusable, question.NeedsReset);

        void Count(int place, RecipientCheckResult result)
        {
            _asked++;
            if (result is not RecipientCheckResult.Answered { Reply.IsPositive: true })
                _refused++;
            heard(place, result);
        }
    }

    /// <summary>
    /// Checks an idle connection before it is used again, without a round trip. When the server has closed it or sent 421, there is something to
    /// read.
    /// </summary>
    public bool LooksAlive() => IsReusable && _connection.IsSilent();

    /// <summary>Says QUIT, waits a moment for 221, and closes (RFC 5321 §4.1.1.10).</summary>
    public async Task QuitAsync()
    {
        if (IsReusable && await TrySayQuitAsync(_connection))
            await TryReadFarewellAsync();
        await DisposeAsync();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<ConnectResult> OpenAsync(SmtpConnection connection, SmtpClientOptions options, string server)
    {
        using var handshake = new Handshake(connection, options, options.TlsHostName ?? server);
        ConnectResult? result = null;
        try
        {
            result = await handshake.RunAsync();
            if (result is ConnectResult.Refused)
                await TrySayQuitAsync(connection);
            return result;
        }
        finally
        {
            if (result is not ConnectResult.Connected)
                await connection.DisposeAsync();
        }
    }

    /// <summary>A server that refused waits for QUIT (RFC 5321 §3.1). Whether the QUIT arrives makes no difference here.</summary>
    private static async ValueTask<bool> TrySayQuitAsync(SmtpConnection connection)
    {
        try
        {
            await connection.WriteCommandsAsync(Quit, "QUIT", FarewellTimeout);
            return true;
        }
        catch (SmtpConnectionException)
        {
            return false;
        }
    }

    private async ValueTask<bool> TryReadFarewellAsync()
    {
        try
        {
            return await _connection.ReadReplyAsync("QUIT", FarewellTimeout) == 221;
        }
        catch (SmtpConnectionException)
        {
            return false;
        }
    }

    private static string NameOf(EndPoint server) => server switch
    {
        DnsEndPoint named => named.Host,
        IPEndPoint numbered => numbered.Address.ToString(),
        _ => "",
    };

    /// <summary>One use of the connection. Afterwards the connection is idle, or closed.</summary>
    private readonly struct Turn : IAsyncDisposable
    {
        private readonly SmtpClient _client;
        private readonly CancellationTokenRegistration _cancelled;

        public Turn(SmtpClient client, CancellationToken cancellationToken)
        {
            _client = client;
            // True until the use has ended well: an exception leaves the server in the middle of a transaction.
            client._isBroken = true;
            _cancelled = client._connection.Deadline.EndWith(cancellationToken);
        }

        public void End(bool isReusable, bool needsReset)
        {
            _client._needsReset = needsReset;
            _client._isBroken = !isReusable || _client._connection.HasUnread;
        }

        public async ValueTask DisposeAsync()
        {
            await _cancelled.DisposeAsync();
            _client._connection.Rest();
            if (_client._isBroken)
                await _client._connection.DisposeAsync();
        }
    }
}
