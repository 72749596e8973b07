using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Dns;

/// <summary>All zones that are served together, immutable. Of two with the same origin the later one counts.</summary>
public sealed class ZoneSet
{
    // As long a chain as public resolvers follow; honest ones have one or two links (RFC 1034 §3.6.2 asks for none).
    private const int MaxAliases = 16;

    private readonly FrozenDictionary<DomainName, Zone> _zones;
    private readonly FrozenDictionary<DomainName, Zone>.AlternateLookup<ReadOnlySpan<byte>> _byWire;
    private readonly FrozenSet<DomainName> _above;

    public ZoneSet(IEnumerable<Zone> zones)
    {
        var byOrigin = new Dictionary<DomainName, Zone>();
        foreach (var zone in zones)
            byOrigin[zone.Origin] = zone;
        _zones = byOrigin.ToFrozenDictionary(NameComparer.Instance);
        _byWire = _zones.GetAlternateLookup<ReadOnlySpan<byte>>();
        _above = byOrigin.Keys.SelectMany(Ancestors).ToFrozenSet(NameComparer.Instance);
    }

    public static ZoneSet Empty { get; } = new([]);

    public IReadOnlyList<Zone> Zones => _zones.Values;

    /// <summary>These zones and one more, instead of the one with the same origin.</summary>
    public ZoneSet With(Zone zone) => new(_zones.Values.Append(zone));

    /// <summary>These zones without the one of this origin.</summary>
    public ZoneSet Without(DomainName origin) => new(_zones.Values.Where(zone => zone.Origin != origin));

    /// <summary>The zone that encloses a name most closely (RFC 1034 §4.3.2, step 2).</summary>
    public bool TryFind(DomainName name, [NotNullWhen(true)] out Zone? zone)
    {
        for (var wire = name.Wire; !_byWire.TryGetValue(wire, out zone); wire = wire[(wire[0] + 1)..])
            if (wire.Length <= 1)
                return false;
        return true;
    }

    /// <summary>Answers a question, following aliases through all zones (RFC 1034 §4.3.2, step 3a).</summary>
    public ZoneAnswer Find(DnsQuestion question)
    {
        List<CnameRecord>? aliases = null;
        for (var name = question.Name; ;)
        {
            var answer = TryFind(name, out var zone) ? zone.Find(question with { Name = name }) : ZoneAnswer.Of(ZoneOutcome.NotServed);
            // RFC 8020: where a name has names below it, it exists, even if its own zone does not know them.
            if (answer.Outcome == ZoneOutcome.NameError && _above.Contains(name))
                answer = answer with { Outcome = ZoneOutcome.NoData };
            if (answer.Outcome != ZoneOutcome.Alias)
                return aliases is null ? answer : answer with { Aliases = aliases };
            var alias = answer.Aliases[0];
            (aliases ??= []).Add(alias);
            name = alias.Target;
            if (aliases.Count > MaxAliases || aliases.Exists(earlier => earlier.Owner == alias.Target))
                return ZoneAnswer.Of(ZoneOutcome.AliasLoop) with { Aliases = aliases };
        }
    }

    private static IEnumerable<DomainName> Ancestors(DomainName origin)
    {
        for (var name = origin.Parent; name is not null; name = name.Parent)
            yield return name;
    }
}
