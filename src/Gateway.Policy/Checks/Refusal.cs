using Gateway.Policy.Reading;
using Gateway.Smtp;

namespace Gateway.Policy.Checks;

/// <summary>A reason to refuse, and how that is said by default. Made once, beside the check that has the reason.</summary>
public sealed class Refusal
{
    /// <param name="reasonId">A stable word for replies and reports: <c>rdns-none</c>.</param>
    /// <param name="code">Of a command; a greeting says 554 or 421 instead (RFC 5321 §3.1).</param>
    /// <param name="subject">Of the enhanced status (RFC 3463).</param>
    /// <param name="detail">Of the enhanced status.</param>
    /// <param name="text">
    /// What is wrong and what to publish, with placeholders. Reason, session and where to read more follow by themselves.
    /// </param>
    public Refusal(string reasonId, int code, int subject, int detail, string text)
    {
        ReasonId = reasonId;
        Code = code;
        Status = new EnhancedStatusCode(code / 100, subject, detail);
        Text = [TextTemplate.Parse($"{text}; reason={{reason}} id={{session}}{{see}}")];
    }

    public string ReasonId { get; }

    public int Code { get; }

    public EnhancedStatusCode Status { get; }

    public IReadOnlyList<TextTemplate> Text { get; }

    /// <summary>The facts are not known, and the client is asked to come again.</summary>
    public bool IsTemporary => Code < 500;

    public Outcome Because(string reason) => IsTemporary ? Outcome.Defer(ReasonId, reason) : Outcome.Reject(ReasonId, reason);
}
