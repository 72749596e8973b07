namespace Gateway.Smtp;

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    /// <summary>QUIT was answered with 221.</summary>
    Quit,

    /// <summary>The client closed or reset the connection.</summary>
    Dropped,

    /// <summary>The client was silent, or too slow, for longer than its phase allows (RFC 5321 §4.5.3.2).</summary>
    TimedOut,

    /// <summary>The error budget was spent.</summary>
    TooManyErrors,

    /// <summary>The client said too many commands that move no mail.</summary>
    TooManyJunkCommands,

    /// <summary>The client went on before it had the reply to a command that ends a pipelined group (RFC 2920 §3.1).</summary>
    EarlyInput,

    /// <summary>The client asked for too many recipients that do not exist: somebody tries names.</summary>
    TooManyUnknownRecipients,

    /// <summary>The server is stopping; the idle client got 421 (RFC 5321 §3.8).</summary>
    Stopping,

    /// <summary>The greeting or a handler's reply was 421.</summary>
    Closed,

    /// <summary>The TLS handshake failed, or plaintext followed STARTTLS.</summary>
    TlsFailed,

    /// <summary>What the client sent cannot be SMTP: a bare CR or LF in the message.</summary>
    ProtocolViolation,

    /// <summary>A bug of ours ended it; the client got 421 where that was possible.</summary>
    Failed,
}
