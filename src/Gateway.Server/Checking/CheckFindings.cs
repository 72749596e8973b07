using Gateway.Policy;

namespace Gateway.Server.Checking;

/// <summary>What the checks say of a question, in which some of what a session would show is missing.</summary>
internal static class CheckFindings
{
    /// <summary>All checks, and what a receiver says in a way of its own (its own lists, an exemption).</summary>
    /// <param name="observed">What every check says.</param>
    /// <param name="forecasts">What the receivers that count say: the deny list of another one is no fault of the sender.</param>
    /// <param name="isHeloGuessed">The name in HELO is not known.</param>
    /// <param name="hasSender">A return address was given.</param>
    public static List<Finding> Of(IReadOnlyList<Finding> observed, IEnumerable<Forecast> forecasts, bool isHeloGuessed, bool hasSender)
    {
        var more = forecasts.SelectMany(static forecast => forecast.Verdict.Findings)
            .Where(finding => !observed.Any(known => known.Check == finding.Check && known.Outcome.Decision == finding.Outcome.Decision))
            .DistinctBy(static finding => (finding.Check, finding.Outcome));
        return [.. observed.Concat(more).Select(finding => WhyNothing(finding, isHeloGuessed, hasSender) is { } reason
            ? finding with { Outcome = Outcome.Nothing(reason) } : finding)];
    }

    // "ok" must never be said of what was not looked at.
    private static string? WhyNothing(Finding finding, bool isHeloGuessed, bool hasSender) => finding.Check switch
    {
        "refuse-early-talker" => "only a connection can show whether the client waits for the greeting",
        "require-helo-fqdn" or "require-helo-resolves" or "require-helo-matches-ptr" when isHeloGuessed => "the EHLO name was not given (--helo)",
        "require-sender-domain" or "require-sender-matches-client" or "require-ptr-matches-mx" when !hasSender => "the sender address was not given (--from)",
        _ => null,
    };

    /// <summary>Whether a check has something against the client, in one word: "nothing" had nothing to look at.</summary>
    public static string AnswerOf(Finding finding) => finding.Outcome.Decision switch
    {
        Decision.Reject => "fails",
        Decision.Defer => "unknown",
        _ => finding.Outcome.LookedAtNothing ? "nothing" : "ok",
    };
}
