namespace Gateway.Policy.Facts;

/// <summary>How much a client may cost. RFC 8601 §3 demands a limit on the names; the values are those of SPF (RFC 7208 §4.6.4).</summary>
public sealed record ReverseDnsOptions
{
    /// <summary>For all queries of one lookup together; what is unknown then is a temporary failure.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>PTR names that are looked up forward.</summary>
    public int MaxNames { get; init; } = 10;

    /// <summary>Questions put to the resolver for one client, the one for PTR included.</summary>
    public int MaxQueries { get; init; } = 64;
}
