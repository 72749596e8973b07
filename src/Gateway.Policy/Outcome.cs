using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Policy;

/// <summary>What one check answers, always with a reason.</summary>
public enum Decision
{
    /// <summary>The next check is asked.</summary>
    Continue,

    /// <summary>The rest of the checks is not asked. Grants no relay.</summary>
    Accept,

    /// <summary>4xx.</summary>
    Defer,

    /// <summary>5xx.</summary>
    Reject,
}

/// <summary>A check's answer.</summary>
/// <param name="Decision">What is to be done.</param>
/// <param name="ReasonId">A stable word for replies and reports, such as <c>rdns-none</c>; null when there is nothing against the client.</param>
/// <param name="Reason">One sentence that explains it, safe to show.</param>
public sealed record Outcome(Decision Decision, string? ReasonId, string Reason)
{
    /// <summary>What lists of addresses said, where the answer rests on them.</summary>
    public ListFacts? Lists { get; init; }

    /// <summary>The check had nothing to look at, such as a PTR name where there is none: it found no fault, and nothing good either.</summary>
    public bool LookedAtNothing { get; init; }

    public static Outcome Continue(string reason) => new(Decision.Continue, null, reason);

    /// <summary>The next check is asked, for there was nothing that this one could look at.</summary>
    public static Outcome Nothing(string reason) => Continue(reason) with { LookedAtNothing = true };

    public static Outcome Accept(string reason) => new(Decision.Accept, null, reason);

    public static Outcome Defer(string reasonId, string reason) => new(Decision.Defer, reasonId, reason);

    public static Outcome Reject(string reasonId, string reason) => new(Decision.Reject, reasonId, reason);
}

/// <summary>How strictly a check is applied.</summary>
public enum CheckMode
{
    /// <summary>Not asked.</summary>
    Off,

    /// <summary>Asked, and what it would have done is written down.</summary>
    Monitor,

    /// <summary>Asked and obeyed.</summary>
    Enforce,
}

/// <summary>One line of the explanation: what a check said, and whether that counted.</summary>
public sealed record Finding(string Check, CheckMode Mode, Outcome Outcome)
{
    /// <summary>A refusal that monitor mode did not speak.</summary>
    public bool WouldHaveRefused => Mode == CheckMode.Monitor && Outcome.Decision is Decision.Defer or Decision.Reject;
}

/// <summary>What the policy says at a stage.</summary>
/// <param name="Decision">Accept and Continue both let the client go on.</param>
/// <param name="Reply">The refusal; null when there is none.</param>
/// <param name="DecidedBy">The finding that decided; null when none did.</param>
/// <param name="Findings">Every check that was asked, in order: the explanation.</param>
public sealed record Verdict(Decision Decision, Reply? Reply, Finding? DecidedBy, IReadOnlyList<Finding> Findings)
{
    public bool IsRefusal => Reply is not null;

    /// <summary>The refusal's text is the profile's own, not the check's: then <see cref="Profiles.Profile.Text"/> says whose words they are.</summary>
    public bool HasOwnWords { get; init; }
}
