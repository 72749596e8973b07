using Gateway.Policy;
using Gateway.Policy.Profiles;

namespace Gateway.Server.Journal.Statistics;

/// <summary>
/// What a profile would have done with what the checks of another one found. It can only tell of checks that were asked:
/// monitoring them is what makes the question answerable.
/// </summary>
internal sealed class Hindsight(Profile profile)
{
    /// <summary>The first check of the profile that would have refused; null when none would, or it cannot be said.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="isIPv6">The client's family: a profile may treat them differently.</param>
    /// <param name="unasked">Checks before it that were not asked.</param>
    public Effect? Judge(IReadOnlyList<FoundBy> findings, bool isIPv6, out IReadOnlyList<string> unasked)
    {
        var missing = new List<string>();
        unasked = missing;
        var isExempt = findings.Any(found => found.Decision == Decision.Accept);
        foreach (var rule in profile.Checks)
        {
            if (rule.ModeFor(isIPv6) != CheckMode.Enforce)
                continue;
            var found = findings.Where(found => found.Check == rule.Check.Name).ToList();
            // Who is exempt is so whatever the profile; and where nobody was asked anything (a port scan), nothing would have been.
            if (found.Count == 0 && !isExempt && findings.Count > 0)
                missing.Add(rule.Check.Name);
            if (found.Exists(one => one.Decision == Decision.Reject))
                return new(rule.Check.Name, IsRejection: true, IsSpoken: false);
            if (found.Exists(one => one.Decision == Decision.Defer) && rule.OnTemporaryFailure == OnTemporaryFailure.Defer)
                return new(rule.Check.Name, IsRejection: false, IsSpoken: false);
        }
        return null;
    }
}
