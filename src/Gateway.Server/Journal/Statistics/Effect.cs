using Gateway.Policy;

namespace Gateway.Server.Journal.Statistics;

/// <summary>What one check did to an attempt, or would have done.</summary>
/// <param name="Check">Its name.</param>
/// <param name="IsRejection">Else a deferral.</param>
/// <param name="IsSpoken">Else it would have been.</param>
internal readonly record struct Effect(string Check, bool IsRejection, bool IsSpoken)
{
    /// <summary>What the listener's own profile made of the findings: of one check at most one thing.</summary>
    public static IReadOnlyList<Effect> Of(IReadOnlyList<FoundBy> findings) =>
    [
        .. findings.Where(found => found.IsAgainst)
            .Select(found => new Effect(found.Check, found.Decision == Decision.Reject, found.Mode == CheckMode.Enforce))
            .GroupBy(effect => effect.Check)
            .Select(effects => effects.OrderByDescending(effect => effect.IsSpoken).ThenByDescending(effect => effect.IsRejection).First()),
    ];
}
