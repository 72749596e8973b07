namespace Gateway.Dns;

/// <summary>
/// Lays records over the real DNS: "what if this were published?" A record set that is assumed stands in place of the real
/// one of its name and type; other types of the name are asked for as ever. Aliases lead from either side to the other.
/// </summary>
public sealed class OverlayResolver(IDnsResolver inner, IReadOnlyList<ResourceRecord> assumed) : IDnsResolver
{
    /// <summary>The <see cref="DnsAnswer.Detail"/> of an answer that rests on what is assumed.</summary>
    public const string Assumed = "assumed";

    // As long a chain as the other resolvers follow.
    private const int MaxAliases = 16;

    private readonly ILookup<DomainName, ResourceRecord> _assumed = assumed.ToLookup(static record => record.Owner);

    public async ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        if (_assumed.Count == 0)
            return await inner.ResolveAsync(question, cancellationToken);
        var aliases = new List<CnameRecord>();
        for (var name = question.Name; ;)
        {
            if (RecordsOf(name, question.Type) is { Count: > 0 } records)
                return Concluded(question, DnsStatus.Found, records, aliases, Least(records), Assumed);
            if (AliasOf(name) is not { } alias)
            {
                var answer = await inner.ResolveAsync(question with { Name = name }, cancellationToken);
                var known = answer.Aliases.TakeWhile(link => !IsAssumed(link.Owner, question.Type)).ToList();
                // A real alias may lead to a name of which something is assumed: from there on it is ours to say.
                if (known is not [.., var last] || !IsAssumed(last.Target, question.Type))
                    return Real(question, name, answer, aliases);
                aliases.AddRange(known);
                name = last.Target;
            }
            else
            {
                aliases.Add(alias);
                name = alias.Target;
            }
            if (aliases.Count > MaxAliases || aliases.Exists(link => link.Owner == name))
                return Concluded(question, DnsStatus.Malformed, [], aliases, TimeSpan.Zero, "aliases in a circle");
        }
    }

    // What the real DNS said at the end of assumed aliases, if there were any: then nobody has authenticated the way.
    private DnsAnswer Real(DnsQuestion question, DomainName name, DnsAnswer answer, List<CnameRecord> aliases)
    {
        var status = StatusOf(answer, name);
        if (aliases.Count == 0)
            return answer with { Status = status };
        return Concluded(question, status, answer.Records, [.. aliases, .. answer.Aliases], answer.TimeToLive,
            answer.IsTemporaryFailure ? answer.Detail : Assumed);
    }

    private bool IsAssumed(DomainName name, RecordType type) => RecordsOf(name, type).Count > 0 || AliasOf(name) is not null;

    private List<ResourceRecord> RecordsOf(DomainName name, RecordType type) =>
        [.. _assumed[name].Where(record => record.Type == type || type == RecordType.Any)];

    private CnameRecord? AliasOf(DomainName name) => _assumed[name].OfType<CnameRecord>().FirstOrDefault();

    // RFC 8020: a name exists when it has any record, or a name below it has.
    private DnsStatus StatusOf(DnsAnswer answer, DomainName asked)
    {
        var end = answer.Aliases is [.., var last] ? last.Target : asked;
        return answer.Status == DnsStatus.NameError && _assumed.Any(name => name.Key.IsAtOrBelow(end)) ? DnsStatus.NoData : answer.Status;
    }

    private static TimeSpan Least(List<ResourceRecord> records) => records.Min(static record => record.TimeToLive);

    private static DnsAnswer Concluded(
        DnsQuestion question, DnsStatus status, IReadOnlyList<ResourceRecord> records, List<CnameRecord> aliases, TimeSpan time, string? detail) =>
        new(question, status, records, aliases, aliases.Select(static alias => alias.TimeToLive).Append(time).Min(), detail);
}
