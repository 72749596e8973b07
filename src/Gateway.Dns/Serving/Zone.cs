using System.Collections.Frozen;

namespace Gateway.Dns;

/// <summary>
/// One zone, immutable, answering as RFC 1034 §4.3.2 says: with delegations, aliases, empty non-terminals, and the
/// wildcards of RFC 4592.
/// </summary>
public sealed class Zone
{
    private readonly FrozenDictionary<DomainName, ZoneNode> _nodes;
    private readonly FrozenDictionary<DomainName, ZoneNode>.AlternateLookup<ReadOnlySpan<byte>> _byWire;

    internal Zone(SoaRecord authority, IEnumerable<ResourceRecord> records)
    {
        Authority = authority;
        Records = [.. records];
        // RFC 2308 §3: the SOA of a negative answer lives for the lesser of its own TTL and MINIMUM.
        Negative = [authority.Minimum < authority.TimeToLive ? authority with { TimeToLive = authority.Minimum } : authority];
        _nodes = Build(authority.Owner, Records).ToFrozenDictionary(NameComparer.Instance);
        _byWire = _nodes.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public DomainName Origin => Authority.Owner;

    /// <summary>The record that makes it a zone.</summary>
    public SoaRecord Authority { get; }

    public IReadOnlyList<ResourceRecord> Records { get; }

    /// <summary>What stands in the authority section of a negative answer.</summary>
    internal IReadOnlyList<SoaRecord> Negative { get; }

    /// <summary>Answers for a name at or below the origin.</summary>
    public ZoneAnswer Find(DnsQuestion question)
    {
        var encloser = ClosestEncloser(question.Name, out var isExact);
        if (encloser.Cut is { } cut)
            return Refer(cut);
        var source = isExact ? encloser : encloser.Wildcard;
        if (source is null)
            return Deny(ZoneOutcome.NameError);
        var records = source[question.Type];
        // RFC 1034 §3.6.2: an alias answers for every type but its own.
        if (records.Length == 0 && source.Alias is { } alias)
            return ZoneAnswer.Of(ZoneOutcome.Alias) with { Aliases = [isExact ? alias : alias with { Owner = question.Name }] };
        if (records.Length == 0)
            return Deny(ZoneOutcome.NoData);
        // RFC 4592 §3.3.1: what a wildcard gives has the asked name as its owner.
        return ZoneAnswer.Of(ZoneOutcome.Found) with
        {
            Records = isExact ? records : Array.ConvertAll(records, record => record with { Owner = question.Name }),
        };
    }

    private ZoneAnswer Deny(ZoneOutcome outcome) => ZoneAnswer.Of(outcome) with { Authorities = Negative };

    // The addresses of servers inside the zone, and nothing else: answers stay small, and who wants more asks.
    private ZoneAnswer Refer(ZoneNode cut)
    {
        var glue = new List<ResourceRecord>();
        foreach (var server in cut[RecordType.Ns])
            if (_nodes.TryGetValue(((NsRecord)server).Host, out var host))
                glue.AddRange([.. host[RecordType.A], .. host[RecordType.Aaaa]]);
        return ZoneAnswer.Of(ZoneOutcome.Referral) with { Authorities = cut[RecordType.Ns], Additionals = glue };
    }

    // The apex always exists, so the walk up from any name in the zone ends.
    private ZoneNode ClosestEncloser(DomainName name, out bool isExact)
    {
        isExact = true;
        var wire = name.Wire;
        while (true)
        {
            if (_byWire.TryGetValue(wire, out var node))
                return node;
            if (wire.Length <= 1)
                throw new ArgumentException($"{name} does not belong to the zone {Origin}", nameof(name));
            isExact = false;
            wire = wire[(wire[0] + 1)..];
        }
    }

    private static Dictionary<DomainName, ZoneNode> Build(DomainName origin, IReadOnlyList<ResourceRecord> records)
    {
        var nodes = new Dictionary<DomainName, ZoneNode> { [origin] = new(origin) };
        foreach (var set in records.GroupBy(static record => record.Owner))
        {
            for (var name = set.Key; name != origin; name = name.Parent!)
                if (!nodes.TryAdd(name, new(name)))
                    break;
            nodes[set.Key].Fill(set);
        }
        foreach (var node in nodes.Values)
        {
            node.Cut = TopmostCut(nodes, node, origin);
            if (node.Owner != origin && node.Owner.Wire is [1, (byte)'*', ..])
                nodes[node.Owner.Parent!].Wildcard = node;
        }
        return nodes;
    }

    private static ZoneNode? TopmostCut(Dictionary<DomainName, ZoneNode> nodes, ZoneNode node, DomainName origin)
    {
        ZoneNode? cut = null;
        for (var name = node.Owner; name != origin; name = name.Parent!)
            if (nodes[name][RecordType.Ns].Length > 0)
                cut = nodes[name];
        return cut;
    }
}
