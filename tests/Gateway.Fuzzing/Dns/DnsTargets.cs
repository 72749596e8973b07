namespace Gateway.Fuzzing.Dns;

/// <summary>The readers of Gateway.Dns.</summary>
internal static class DnsTargets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new("dns-message", MessageTarget.Check),
        new("dns-query", QueryTarget.Check),
        new("dns-name", NameTarget.Check),
        new("dns-zone", ZoneTarget.Check),
        new("dns-line", LineTarget.Check),
    ];
}
