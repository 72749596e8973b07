using System.Net.Security;

namespace Gateway.Smtp;

/// <summary>What to do with a CR or LF that stands alone (RFC 5321 §2.3.8). Neither ever ends a message.</summary>
public enum BareNewline
{
    /// <summary>550 5.6.11, once the message has been read to its real end.</summary>
    Reject,

    /// <summary>Each becomes CRLF.</summary>
    Normalize,
}

/// <summary>How a server session behaves. Immutable; shared by all sessions of a listener.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The name in the greeting, in HELO replies and in 221.</summary>
    public required string HostName { get; init; }

    /// <summary>Octets of a message, as announced by SIZE (RFC 1870); at least 64 KiB (RFC 5321 §4.5.3.1.7).</summary>
    public long MaxMessageSize { get; init; } = 52_428_800;

    /// <summary>Recipients of a transaction; the next one gets 452 4.5.3 (RFC 5321 §4.5.3.1.10: at least 100).</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>Octets of a command line with its CRLF (RFC 5321 §4.5.3.1.4 asks for 512, extensions add to it).</summary>
    public int MaxCommandLine { get; init; } = 1024;

    /// <summary>
    /// Negative replies to mistakes in the protocol before 421 4.7.0; before HELO no more than 10. What the handler refuses
    /// is no mistake: a refused client may ask for each of its recipients.
    /// </summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>
    /// Commands that move no mail before 421 4.7.0: NOOP, RSET, HELO, EHLO, VRFY, HELP, refused MAIL and RCPT, empty chunks and refused messages.
    /// A message that is taken begins the count anew. Not for <see cref="Session.IsOwnClient"/>. The default is where Postfix
    /// ends such a session by its defaults: 100 such commands (smtpd_junk_command_limit), and then 20 errors (smtpd_hard_error_limit).
    /// </summary>
    public int MaxJunkCommands { get; init; } = 120;

    /// <summary>Recipients of a session that the next hop does not know, before 421 4.7.0. The handler says which recipients count.</summary>
    public int MaxUnknownRecipients { get; init; } = 50;

    /// <summary>Failed logins of a session; the reply to the last one is 421 4.7.0.</summary>
    public int MaxFailedLogins { get; init; } = 3;

    /// <summary>
    /// Input that arrives behind a command which ends a pipelined group (RFC 2920 §3.1), before its reply was sent, is 503 5.5.0 and the end
    /// of the session. Not for <see cref="Session.IsOwnClient"/>.
    /// </summary>
    public bool RefusesEarlyInput { get; init; } = true;

    public BareNewline BareNewline { get; init; } = BareNewline.Reject;

    /// <summary>The same for <see cref="Session.IsOwnClient"/>: scripts and devices send such messages, and forge nothing by them.</summary>
    public BareNewline OwnClientBareNewline { get; init; } = BareNewline.Normalize;

    /// <summary>Silence before a command (RFC 5321 §4.5.3.2.7: at least 5 minutes).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Silence within a message (RFC 5321 §4.5.3.2.5: at least 3 minutes).</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>From 354 to the final dot, however steadily the client drips.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Offers STARTTLS (RFC 3207) when set.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>Offers AUTH (RFC 4954), once TLS is up; <see cref="IMailHandler.AuthenticateAsync"/> is asked.</summary>
    public bool OffersAuth { get; init; }

    /// <summary>
    /// The keywords of <see cref="ServiceExtensions.Keywords"/> that EHLO announces, in this order; null: all that the engine does. One that
    /// is left out still works. STARTTLS, AUTH and XCLIENT are announced where they are offered, whether they stand here or not.
    /// </summary>
    public IReadOnlyList<string>? Extensions { get; init; }

    /// <summary>Where messages are kept while they arrive.</summary>
    public MessageStore Messages { get; init; } = MessageStore.Default;
}
