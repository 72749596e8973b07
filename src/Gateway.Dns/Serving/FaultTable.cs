using System.Collections.Immutable;

namespace Gateway.Dns;

/// <summary>
/// Which names misbehave. Readers see an immutable table without a lock; a change swaps the table, so it may happen at any
/// time, from any thread, while servers answer from it.
/// </summary>
public sealed class FaultTable(IEnumerable<FaultRule>? rules = null)
{
    private ImmutableDictionary<Key, FaultRule> _rules = (rules ?? []).Aggregate(
        ImmutableDictionary<Key, FaultRule>.Empty, static (table, rule) => table.SetItem(Key.Of(rule.Name, rule.Type), rule));

    public IReadOnlyCollection<FaultRule> Rules => [.. _rules.Values];

    /// <summary>Lets a name misbehave from now on; without a type, whatever type is asked for.</summary>
    public void Set(DomainName name, RecordType? type, Fault fault)
    {
        var rule = new FaultRule(name, type, fault);
        ImmutableInterlocked.AddOrUpdate(ref _rules, Key.Of(name, type), rule, (_, _) => rule);
    }

    /// <summary>Ends what was set for exactly this name and type; false when there was nothing.</summary>
    public bool Clear(DomainName name, RecordType? type) => ImmutableInterlocked.TryRemove(ref _rules, Key.Of(name, type), out _);

    /// <summary>Ends all misbehaviour.</summary>
    public void Clear() => Interlocked.Exchange(ref _rules, ImmutableDictionary<Key, FaultRule>.Empty);

    /// <summary>The closest rule: the name itself before a wildcard above it, a type before all types.</summary>
    public Fault? Find(DomainName name, RecordType type)
    {
        var table = Volatile.Read(ref _rules);
        if (table.IsEmpty)
            return null;
        if (Find(table, name, isBelow: false, type) is { } own)
            return own;
        for (var above = name.Parent; above is not null; above = above.Parent)
            if (Find(table, above, isBelow: true, type) is { } inherited)
                return inherited;
        return null;
    }

    private static Fault? Find(ImmutableDictionary<Key, FaultRule> table, DomainName name, bool isBelow, RecordType type) =>
        table.TryGetValue(new(name, isBelow, type), out var rule) || table.TryGetValue(new(name, isBelow, null), out rule)
            ? rule.Fault : null;

    private readonly record struct Key(DomainName Name, bool IsBelow, RecordType? Type)
    {
        public static Key Of(DomainName name, RecordType? type) =>
            name.Wire is [1, (byte)'*', ..] ? new(name.Parent!, true, type) : new(name, false, type);
    }
}
