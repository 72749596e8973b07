using Gateway.Policy.Checks;

namespace Gateway.Policy.Profiles;

/// <summary>What a temporary failure does to the client.</summary>
public enum OnTemporaryFailure
{
    /// <summary>4xx: it comes again.</summary>
    Defer,

    /// <summary>Nothing: it is written down, and the next check is asked.</summary>
    Continue,
}

/// <summary>How a profile applies one check.</summary>
/// <param name="Check">The check.</param>
/// <param name="IPv4">For clients with an IPv4 address.</param>
/// <param name="IPv6">For clients with an IPv6 address: many networks cannot set their reverse DNS (RFC 8501).</param>
/// <param name="OnTemporaryFailure">When the facts are not known.</param>
/// <param name="Reply">Spoken when the check rejects; null for its own words.</param>
/// <param name="TemporaryReply">Spoken when the check defers; null for its own words.</param>
/// <param name="Replies">Spoken for one reason, by its id; before the other two.</param>
public sealed record CheckRule(
    IPolicyCheck Check,
    CheckMode IPv4,
    CheckMode IPv6,
    OnTemporaryFailure OnTemporaryFailure,
    ReplyTemplate? Reply,
    ReplyTemplate? TemporaryReply,
    IReadOnlyDictionary<string, ReplyTemplate> Replies)
{
    public CheckMode ModeFor(bool isIPv6) => isIPv6 ? IPv6 : IPv4;

    /// <summary>The profile's words for a reason; null when it has none of its own.</summary>
    internal ReplyTemplate? ReplyFor(Refusal refusal) =>
        Replies.GetValueOrDefault(refusal.ReasonId) ?? (refusal.IsTemporary ? TemporaryReply : Reply);
}
