using System.Collections.Frozen;

namespace Gateway.Policy.Checks;

/// <summary>All checks there are, by the names that profiles use. A new check is a line here.</summary>
public static class CheckTable
{
    private static readonly FrozenDictionary<string, IPolicyCheck> Checks = new IPolicyCheck[]
    {
        new RequirePtr(),
        new RequireValidPtr(),
        new RequireFcrdns(),
        new RefuseGenericPtr(),
        new RequireHeloFqdn(),
        new RequireHeloResolves(),
        new RequireHeloMatchesPtr(),
        new RequireSenderDomain(),
        new RequireSenderMatchesClient(),
        new RequirePtrMatchesMx(),
        new RefuseListed(),
        new RefuseDenied(),
        new RefuseEarlyTalker(),
    }.ToFrozenDictionary(check => check.Name);

    public static IEnumerable<string> Names => Checks.Keys.Order(StringComparer.Ordinal);

    public static IEnumerable<IPolicyCheck> All => Checks.Values;

    public static IPolicyCheck? Find(string name) => Checks.GetValueOrDefault(name);
}
