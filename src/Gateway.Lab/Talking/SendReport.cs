using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>What became of a message, or of one of its recipients.</summary>
public enum SendVerdict
{
    Accepted,

    /// <summary>The server asks to try again later.</summary>
    Deferred,

    Refused,

    /// <summary>There was no connection or no reply, or the server does not offer what was asked for.</summary>
    Unknown,
}

/// <summary>What the server said about a recipient.</summary>
public sealed record RecipientReport(ForwardPath Recipient, Reply Reply)
{
    public SendVerdict Verdict => SendReport.VerdictOf(Reply);
}

/// <summary>How a session ended.</summary>
/// <param name="Verdict">The worst verdict of any recipient.</param>
/// <param name="Stage">Where: DNS (no server was found), CONNECT, GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, or MESSAGE for the reply to its end.</param>
/// <param name="Reply">The reply that decided the verdict; null when none did.</param>
public sealed record SendReport(SendVerdict Verdict, string Stage, Reply? Reply)
{
    /// <summary>What happened when it was no reply, or what to do about it.</summary>
    public string? Problem { get; init; }

    /// <summary>The recipients that were answered.</summary>
    public IReadOnlyList<RecipientReport> Recipients { get; init; } = [];

    /// <summary>The reply to the message, when it was sent.</summary>
    public Reply? Message { get; init; }

    /// <summary>What the TLS handshake has agreed on; null without TLS.</summary>
    public string? Tls { get; init; }

    public static SendVerdict VerdictOf(Reply reply) => reply switch
    {
        { IsPermanent: true } => SendVerdict.Refused,
        { IsTransient: true } => SendVerdict.Deferred,
        _ => SendVerdict.Accepted,
    };
}
