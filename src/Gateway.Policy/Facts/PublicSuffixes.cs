using System.Collections.Frozen;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>
/// The suffixes under which anybody may register (publicsuffix.org): what stands one label before such a suffix is an
/// organization's domain. Names of one organization belong together; <c>a.co.uk</c> and <c>b.co.uk</c> do not.
/// </summary>
public sealed class PublicSuffixes
{
    private readonly FrozenDictionary<DomainName, Rules> _rules;

    private PublicSuffixes(Dictionary<DomainName, Rules> rules) => _rules = rules.ToFrozenDictionary();

    [Flags]
    private enum Rules
    {
        None = 0,

        /// <summary><c>co.uk</c>: the name is a suffix.</summary>
        Suffix = 1,

        /// <summary><c>*.ck</c>, kept at <c>ck</c>: each name directly below is one.</summary>
        EachBelow = 2,

        /// <summary><c>!www.ck</c>: this one is none all the same.</summary>
        Exception = 4,
    }

    /// <summary>Without a list the last label is the suffix: too much belongs together then, never too little.</summary>
    public static PublicSuffixes None { get; } = new([]);

    /// <summary>Whether there is a list.</summary>
    public bool IsListed => _rules.Count > 0;

    /// <summary>Reads the list in its own format: a rule a line, up to the first blank; <c>//</c> begins a comment.</summary>
    public static PublicSuffixes Parse(string list)
    {
        var rules = new Dictionary<DomainName, Rules>();
        foreach (var line in list.AsSpan().EnumerateLines())
        {
            var rule = line.Trim().ToString().Split(' ', '\t')[0];
            if (rule.Length == 0 || rule.StartsWith("//", StringComparison.Ordinal))
                continue;
            var (kind, name) = rule switch
            {
                ['!', .. var exception] => (Rules.Exception, exception),
                ['*', '.', .. var parent] => (Rules.EachBelow, parent),
                _ => (Rules.Suffix, rule),
            };
            if (Parsed(name) is { } domain)
                rules[domain] = rules.GetValueOrDefault(domain) | kind;
        }
        return new(rules);
    }

    /// <summary>The organization's domain that a name lies in: the suffix and one label more; null for a suffix itself.</summary>
    public DomainName? OrganizationOf(DomainName name)
    {
        // From the longest name to the shortest, so that the first rule that fits is the one that holds.
        DomainName? below = null;
        for (var candidate = name; candidate.Parent is { } parent; (below, candidate) = (candidate, parent))
        {
            var rules = _rules.GetValueOrDefault(candidate);
            if (rules.HasFlag(Rules.Exception))
                return candidate;
            // The list's own last rule is "*": what nothing else fits is a suffix of one label.
            if (rules.HasFlag(Rules.Suffix) || parent.IsRoot || _rules.GetValueOrDefault(parent).HasFlag(Rules.EachBelow))
                return below;
        }
        return null;
    }

    /// <summary>Whether two names lie in the domain of one organization.</summary>
    public bool BelongTogether(DomainName one, DomainName other) =>
        one == other || (OrganizationOf(one) is { } organization && organization == OrganizationOf(other));

    // A rule that no name can fit is left out; the rest of the list is as good without it.
    private static DomainName? Parsed(string name) => InternationalName.TryParse(name, out var domain) ? domain : null;
}
