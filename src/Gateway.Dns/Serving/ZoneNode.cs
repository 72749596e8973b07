namespace Gateway.Dns;

/// <summary>A name in a zone; one without records is an empty non-terminal (RFC 4592 §2.2.2).</summary>
internal sealed class ZoneNode(DomainName owner)
{
    private ResourceRecord[][] _sets = [];

    public DomainName Owner => owner;

    /// <summary>The topmost delegation at or above this name: what lies there is another zone's (RFC 1034 §4.2.1).</summary>
    public ZoneNode? Cut { get; set; }

    /// <summary>The node <c>*</c> below this one: the source of synthesis (RFC 4592 §3.3.1).</summary>
    public ZoneNode? Wildcard { get; set; }

    public CnameRecord? Alias => this[RecordType.Cname] is [CnameRecord alias] ? alias : null;

    public ResourceRecord[] this[RecordType type]
    {
        get
        {
            if (type == RecordType.Any)
                return _sets is [var only] ? only : [.. _sets.SelectMany(static set => set)];
            foreach (var set in _sets)
                if (set[0].Type == type)
                    return set;
            return [];
        }
    }

    /// <summary>Takes all records of the name, as sets: no duplicates, one TTL for each, the least (RFC 2181 §5).</summary>
    public void Fill(IEnumerable<ResourceRecord> records) => _sets = [.. records
        .GroupBy(static record => record.Type)
        .Select(static set => (Records: set, Least: set.Min(static record => record.TimeToLive)))
        .Select(static set => set.Records.Select(record => record with { TimeToLive = set.Least })
            .DistinctBy(ContentOf)
            .ToArray())];

    // Octets compare by what they hold, other records by themselves.
    private static object ContentOf(ResourceRecord record) => record switch
    {
        TxtRecord text => string.Join(' ', text.Strings.Select(static part => Convert.ToHexString(part.Span))),
        OpaqueRecord opaque => Convert.ToHexString(opaque.Content.Span),
        _ => record,
    };
}
