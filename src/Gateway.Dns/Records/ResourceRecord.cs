using System.Net;

namespace Gateway.Dns;

/// <summary>One record of class IN: an owner, a type, and for how long it may be kept (RFC 1035 §3.2.1).</summary>
public abstract record ResourceRecord(DomainName Owner, RecordType Type, TimeSpan TimeToLive);

/// <summary>A or AAAA, by the family of the address (RFC 1035 §3.4.1, RFC 3596 §2.2).</summary>
public sealed record AddressRecord(DomainName Owner, TimeSpan TimeToLive, IPAddress Address)
    : ResourceRecord(Owner, Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa, TimeToLive);

public sealed record PtrRecord(DomainName Owner, TimeSpan TimeToLive, DomainName Target) : ResourceRecord(Owner, RecordType.Ptr, TimeToLive);

public sealed record CnameRecord(DomainName Owner, TimeSpan TimeToLive, DomainName Target) : ResourceRecord(Owner, RecordType.Cname, TimeToLive);

public sealed record NsRecord(DomainName Owner, TimeSpan TimeToLive, DomainName Host) : ResourceRecord(Owner, RecordType.Ns, TimeToLive);

/// <summary>RFC 1035 §3.3.9. Preference 0 with the root as exchange is the null MX of RFC 7505.</summary>
public sealed record MxRecord(DomainName Owner, TimeSpan TimeToLive, ushort Preference, DomainName Exchange)
    : ResourceRecord(Owner, RecordType.Mx, TimeToLive)
{
    public bool IsNull => Exchange.IsRoot;
}

/// <summary>RFC 1035 §3.3.13. <paramref name="Minimum"/> bounds negative answers (RFC 2308 §4).</summary>
public sealed record SoaRecord(
    DomainName Owner, TimeSpan TimeToLive, DomainName PrimaryServer, DomainName Mailbox,
    uint Serial, TimeSpan Refresh, TimeSpan Retry, TimeSpan Expire, TimeSpan Minimum)
    : ResourceRecord(Owner, RecordType.Soa, TimeToLive);

/// <summary>RFC 1035 §3.3.14: one or more strings of at most 255 octets each.</summary>
public sealed record TxtRecord(DomainName Owner, TimeSpan TimeToLive, IReadOnlyList<ReadOnlyMemory<byte>> Strings)
    : ResourceRecord(Owner, RecordType.Txt, TimeToLive);

/// <summary>A record whose type is not read (RFC 3597).</summary>
public sealed record OpaqueRecord(DomainName Owner, RecordType Type, TimeSpan TimeToLive, ReadOnlyMemory<byte> Content)
    : ResourceRecord(Owner, Type, TimeToLive);
