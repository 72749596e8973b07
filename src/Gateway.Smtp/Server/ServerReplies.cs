using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Gateway.Smtp;

/// <summary>The server's own replies, encoded once: those that name the server for each listener, the others for all listeners.</summary>
internal sealed class ServerReplies
{
    public static readonly Reply Rset = new(250, 0, 0, "OK");
    public static readonly Reply Noop = new(250, 0, 0, "OK");
    public static readonly Reply Vrfy = new(252, 0, 0, "cannot verify the user, but will accept the message and attempt delivery");
    public static readonly Reply Help = new(214, 0, 0,
        "HELO EHLO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT STARTTLS AUTH", "see RFC 5321");
    public static readonly Reply StartMail = new(354, null, "end the message with <CRLF>.<CRLF>");
    public static readonly Reply StartTls = new(220, 0, 0, "ready to start TLS");

    // RFC 5321 §4.2.4: 502 is for what is known, and not implemented.
    public static readonly Reply Expn = new(502, 5, 1, "EXPN is not implemented");
    public static readonly Reply NoAuth = new(502, 5, 1, "AUTH is not offered here");
    public static readonly Reply NoTls = new(502, 5, 1, "TLS is not offered here");

    public static readonly Reply Unrecognised = new(500, 5, 1, "command not recognised");
    public static readonly Reply LineTooLong = new(500, 5, 2, "command line too long");
    public static readonly Reply BareNewlineInCommand = new(500, 5, 2,
        "a command must end with CRLF; a bare LF is refused, because it can smuggle in a second message");
    public static readonly Reply Garbage = new(500, 5, 2, "control characters or invalid UTF-8 in command");

    // RFC 2034 §4: no enhanced status on any reply to HELO and EHLO.
    public static readonly Reply HeloExpected = new(501, null, "expected HELO or EHLO with your domain or [address]");
    public static readonly Reply NoArgument = new(501, 5, 4, "no argument is allowed");
    public static readonly Reply VrfyExpected = new(501, 5, 4, "expected VRFY with a name");

    // Without a size nobody knows where the next command begins, so the session ends.
    public static readonly Reply ChunkExpected = new(501, 5, 4, "expected BDAT SIZE [LAST]; closing");

    // The words of Postfix's XCLIENT_README.
    public static readonly Reply XclientDenied = new(550, 7, 0, "insufficient authorization");

    public static readonly Reply HeloFirst = new(503, 5, 1, "send HELO or EHLO first");
    public static readonly Reply MailFirst = new(503, 5, 1, "send MAIL first");
    public static readonly Reply RcptFirst = new(503, 5, 1, "send RCPT first");
    public static readonly Reply Nested = new(503, 5, 1, "a transaction has begun already; send RSET to end it");
    public static readonly Reply InChunks = new(503, 5, 1, "a message is being sent with BDAT; send RSET to end it");
    public static readonly Reply AlreadySecured = new(503, 5, 1, "TLS is active already");

    // RFC 4954 §4 and §6.
    public static readonly Reply AlreadyAuthenticated = new(503, 5, 1, "already authenticated");
    public static readonly Reply AuthInClear = new(538, 7, 11, "encryption required for authentication: send STARTTLS first");
    public static readonly Reply MechanismExpected = new(501, 5, 4, "expected AUTH PLAIN or AUTH LOGIN");
    public static readonly Reply UnknownMechanism = new(504, 5, 4, "this authentication mechanism is not offered; use PLAIN or LOGIN");
    public static readonly Reply ExchangeTooLong = new(500, 5, 6, "authentication exchange line is too long");

    // RFC 5321 §3.3: all RCPT commands were rejected.
    public static readonly Reply NoRecipients = new(554, 5, 1, "no valid recipients");
    public static readonly Reply TooManyRecipients = new(452, 5, 3, "too many recipients in one transaction");

    // RFC 1870 §6.2 and §6.3.
    public static readonly Reply TooLarge = new(552, 3, 4, "message exceeds the size limit");
    public static readonly Reply NoStorage = new(452, 3, 1, "insufficient storage; try again later");

    // No registered code says it; Exchange Online answers 5.6.11 to bare line feeds, and its administrators know it.
    public static readonly Reply BareNewlineInMessage = new(550, 6, 11,
        "the message has a bare CR or LF, and every line must end with CRLF (RFC 5321 section 2.3.8); closing");

    public static readonly Reply NulLineInMessage = new(550, 6, 0,
        "the message has a line that begins with a NUL octet, which is not allowed (RFC 2045 section 2.8); closing");

    // RFC 3207 §5: what is said in the clear behind STARTTLS was put there by somebody else.
    public static readonly Reply ClearBehindStartTls = new(554, 5, 1, "data was sent in the clear after STARTTLS; closing");

    public static readonly Reply TimedOut = new(421, 4, 2, "timeout; closing");
    public static readonly Reply Stopping = new(421, 3, 2, "the server is stopping; try again later");
    public static readonly Reply TooManyErrors = new(421, 7, 0, "too many errors; closing");
    public static readonly Reply TooManyJunkCommands = new(421, 7, 0, "too many commands that send no mail; closing");

    // 503, and not the 554 of Postfix: the sequence is wrong (RFC 5321 §4.2.2).
    public static readonly Reply EarlyInput = new(503, 5, 0,
        "data was sent before the reply to a command that must be the last of its group (RFC 2920 section 3.1); closing");

    public static readonly Reply NotHttp = new(421, 7, 0, "this is SMTP, not HTTP; closing");
    public static readonly Reply InternalError = new(421, 3, 0, "internal error; try again later");

    // These end a transaction or the session, so an administrator may ask about them. They are compared by reference.
    private static readonly FrozenSet<Reply> Ends =
    [
        NoRecipients, TooManyRecipients, TooLarge, NoStorage, BareNewlineInMessage, NulLineInMessage, ChunkExpected, ClearBehindStartTls, TimedOut,
        Stopping, TooManyErrors, TooManyJunkCommands, EarlyInput, NotHttp, InternalError,
    ];

    private static readonly ConditionalWeakTable<SmtpServerOptions, ServerReplies> OfListeners = [];

    private readonly SmtpServerOptions _options;
    private readonly Reply[] _ehlo;

    private ServerReplies(SmtpServerOptions options)
    {
        _options = options;
        Helo = new Reply(250, null, options.HostName);
        _ehlo = [Ehlo(false, false), Ehlo(false, true), Ehlo(true, false), Ehlo(true, true)];
        Quit = new Reply(221, 0, 0, $"{options.HostName} closing connection");

        Reply Ehlo(bool isSecured, bool mayXclient) => this.Ehlo(Helo, isSecured, mayXclient);
    }

    public Reply Helo { get; }

    public Reply Quit { get; }

    /// <summary>Whether this is a refusal of the server's own that ends a transaction or the session.</summary>
    public static bool IsEnd(Reply reply) => !reply.IsPositive && Ends.Contains(reply);

    public static ServerReplies Of(SmtpServerOptions options) =>
        OfListeners.GetValue(options, static options => new ServerReplies(options));

    public Reply Ehlo(bool isSecured, bool mayXclient) => _ehlo[(isSecured ? 2 : 0) + (mayXclient ? 1 : 0)];

    /// <summary>The extensions behind the handler's own first line; null leaves that line to the server.</summary>
    public Reply Ehlo(Reply? first, bool isSecured, bool mayXclient) => first is null ? Ehlo(isSecured, mayXclient)
        : new(first.Code, first.Status, [.. first.Lines, .. ServiceExtensions.Announced(_options, isSecured, mayXclient)]);
}
