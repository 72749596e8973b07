using Gateway.Smtp;

namespace Gateway.Server.Talking;

/// <summary>What became of a message, or of one of its recipients.</summary>
public enum SendVerdict
{
    Accepted,

    /// <summary>Come back later.</summary>
    Deferred,

    Refused,

    /// <summary>Nobody can say: no connection, no reply, or the server does not offer what was asked for.</summary>
    Unknown,
}

/// <summary>What the server said about a recipient.</summary>
public sealed record RecipientReport(ForwardPath Recipient, Reply Reply)
{
    public SendVerdict Verdict => SendReport.VerdictOf(Reply);
}

/// <summary>How a session ended.</summary>
/// <param name="Verdict">The worst that any recipient met with.</param>
/// <param name="Stage">Where: DNS (no server was found), CONNECT, GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, or MESSAGE for the reply to its end.</param>
/// <param name="Reply">What decided it; null when it was no reply.</param>
public sealed record SendReport(SendVerdict Verdict, string Stage, Reply? Reply)
{
    /// <summary>What happened when it was no reply, or what to do about it.</summary>
    public string? Problem { get; init; }

    /// <summary>Those that were answered.</summary>
    public IReadOnlyList<RecipientReport> Recipients { get; init; } = [];

    /// <summary>The reply to the message, when it was sent.</summary>
    public Reply? Message { get; init; }

    /// <summary>What was agreed.</summary>
    public string? Tls { get; init; }

    public static SendVerdict VerdictOf(Reply reply) => reply switch
    {
        { IsPermanent: true } => SendVerdict.Refused,
        { IsTransient: true } => SendVerdict.Deferred,
        _ => SendVerdict.Accepted,
    };
}
