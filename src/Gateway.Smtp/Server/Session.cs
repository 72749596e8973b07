namespace Gateway.Smtp;

/// <summary>
/// The state of one connection, and the only place that holds it. <see cref="SmtpSession"/> changes what the protocol decides; the product
/// reads it, and derives a class with the state that SMTP does not know. Not for concurrent use.
/// </summary>
/// <param name="options">The rules of the session, shared by the listener's sessions.</param>
public class Session(SmtpServerOptions options)
{
    public SmtpServerOptions Options => options;

    /// <summary>The session's id, which ends each refusal that somebody may ask about; null leaves these replies as they are.</summary>
    public string? Id { get; init; }

    /// <summary>What the client may still do.</summary>
    public SessionLimits Limits { get; } = new(options);

    /// <summary>The HELO or EHLO that was accepted; null before, and again after STARTTLS and XCLIENT.</summary>
    public Helo? Helo { get; internal set; }

    /// <summary>
    /// How the client introduces itself: the HELO that was accepted. While there is none, it is the HELO that was refused, or the one that a
    /// proxy has reported by XCLIENT.
    /// </summary>
    public Helo? Introduction => Helo ?? Unaccepted;

    /// <summary>The last HELO since the connection, STARTTLS or XCLIENT, accepted or not.</summary>
    protected internal Helo? Unaccepted { get; set; }

    /// <summary>The user as which the client has authenticated on this connection; null when it has not.</summary>
    public string? Login { get; internal set; }

    /// <summary>The user for whom the client sends; null when nobody has said so.</summary>
    public virtual string? User => Login;

    /// <summary>Whether the client belongs to the operator, by its network or because it has authenticated. Limits for strangers do not apply to it.</summary>
    public virtual bool IsOwnClient => false;

    /// <summary>Whether the peer may name another client by XCLIENT. The command is announced to such peers only.</summary>
    public virtual bool MayXclient => false;

    /// <summary>TLS protocol and cipher suite; null while the connection is in the clear.</summary>
    public string? Tls { get; internal set; }

    public bool IsSecured => Tls is not null;

    /// <summary>The mail transaction under way; null when there is none.</summary>
    public Transaction? Transaction { get; internal set; }

    /// <summary>Whether the client sent octets before the greeting (RFC 5321 §4.3.1 tells it to wait).</summary>
    public bool IsEarlyTalker { get; internal set; }

    /// <summary>Why the last message that was answered 452 could not be kept while it arrived; null when there was none.</summary>
    public Exception? StorageFailure { get; internal set; }

    /// <summary>The reply to all commands after a greeting that refused the client (RFC 5321 §3.1); null when the client was welcome.</summary>
    internal Reply? Refusal { get; set; }

    /// <summary>The authentication under way; null when there is none.</summary>
    internal SaslExchange? Exchange { get; set; }

    /// <summary>Why the session ends; null while it goes on.</summary>
    internal SessionEnd? End { get; set; }

    /// <summary>The word behind "with" in a trace field (RFC 3848; RFC 6531 §3.7.3).</summary>
    public string Protocol => this switch
    {
        { Transaction.Parameters.SmtpUtf8: true } => $"UTF8SMTP{ProtocolSuffix}",
        { Helo.IsExtended: true } => $"ESMTP{ProtocolSuffix}",
        _ => "SMTP",
    };

    private string ProtocolSuffix => (IsSecured, User is not null) switch
    {
        (true, true) => "SA",
        (true, false) => "S",
        (false, true) => "A",
        _ => "",
    };

    internal Phase Phase => this switch
    {
        { Refusal: not null } => Phase.Refused,
        { Helo: null } => Phase.Start,
        { Transaction: null } => Phase.Ready,
        { Transaction.Message: not null } => Phase.Chunks,
        { Transaction.Recipients: 0 } => Phase.Mail,
        _ => Phase.Recipients,
    };

    /// <summary>Adds the session's id to a refusal, so that the client's administrator can ask about it.</summary>
    public Reply Signed(Reply refusal) => Id is null ? refusal
        : new(refusal.Code, refusal.Status, [.. refusal.Lines.SkipLast(1), $"{refusal.Lines[^1]}; id={Id}"]);

    /// <summary>Forgets what the client said before the TLS handshake (RFC 3207 §4.2).</summary>
    internal void Secure(string tls)
    {
        Tls = tls;
        ForgetClient();
    }

    /// <summary>Starts over with another client (Postfix's XCLIENT_README). TLS, which is the peer's, and the count of errors stay.</summary>
    internal void StartOver()
    {
        ForgetClient();
        Refusal = null;
        IsEarlyTalker = false;
        Limits.StartOver();
    }

    private void ForgetClient() => (Helo, Unaccepted, Login) = (null, null, null);
}
