namespace Gateway.Dns;

/// <summary>How a question ended. What is neither <see cref="Found"/>, <see cref="NoData"/> nor <see cref="NameError"/> is temporary.</summary>
public enum DnsStatus
{
    /// <summary>There are records of the type.</summary>
    Found,

    /// <summary>The name exists, but has no record of the type (RFC 2308 §2.2).</summary>
    NoData,

    /// <summary>The name does not exist: NXDOMAIN (RFC 2308 §2.1).</summary>
    NameError,

    /// <summary>SERVFAIL, or any other response code that says nothing about the name.</summary>
    ServerFailure,

    /// <summary>REFUSED.</summary>
    Refused,

    /// <summary>No server answered in time, or none could be reached.</summary>
    TimedOut,

    /// <summary>What came back was no answer: broken wire form, a lame referral, a loop of aliases.</summary>
    Malformed,
}

/// <summary>The answer to one question, with what explains it.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Records">The records of the asked type, at the end of the alias chain; empty unless found.</param>
/// <param name="Aliases">The CNAME chain from the asked name to the records' owner (RFC 1034 §3.6.2), in order.</param>
/// <param name="TimeToLive">How long the whole answer may be kept: the least of all its records, or RFC 2308 §5 for a negative one.</param>
/// <param name="Detail">Words for the trail, safe to show: which server said what, or why there is no answer.</param>
/// <param name="IsAuthenticated">The AD bit of the resolver that answered (RFC 4035 §3.2.3).</param>
public sealed record DnsAnswer(
    DnsQuestion Question,
    DnsStatus Status,
    IReadOnlyList<ResourceRecord> Records,
    IReadOnlyList<CnameRecord> Aliases,
    TimeSpan TimeToLive,
    string? Detail = null,
    bool IsAuthenticated = false)
{
    public bool IsTemporaryFailure => Status > DnsStatus.NameError;
}
