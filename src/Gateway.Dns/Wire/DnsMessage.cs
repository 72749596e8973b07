namespace Gateway.Dns;

/// <summary>Response codes (RFC 1035 §4.1.1, extended by RFC 6891 §6.1.3).</summary>
public enum ResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}

/// <summary>One DNS message (RFC 1035 §4.1). The OPT record of EDNS (RFC 6891) is lifted out into <see cref="EdnsPayloadSize"/>.</summary>
public sealed record DnsMessage
{
    public required ushort Id { get; init; }
    public bool IsResponse { get; init; }
    public byte OpCode { get; init; }
    public bool IsAuthoritative { get; init; }
    public bool IsTruncated { get; init; }
    public bool RecursionDesired { get; init; }
    public bool RecursionAvailable { get; init; }
    public bool IsAuthenticated { get; init; }
    public ResponseCode ResponseCode { get; init; }

    /// <summary>The one question; null when the message has none. More than one is malformed (RFC 9619).</summary>
    public DnsQuestion? Question { get; init; }

    public IReadOnlyList<ResourceRecord> Answers { get; init; } = [];
    public IReadOnlyList<ResourceRecord> Authorities { get; init; } = [];
    public IReadOnlyList<ResourceRecord> Additionals { get; init; } = [];

    /// <summary>What the sender can take by UDP, in octets; null without EDNS.</summary>
    public ushort? EdnsPayloadSize { get; init; }
}
