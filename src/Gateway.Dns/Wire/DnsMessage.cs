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
    public const ushort InternetClass = 1;

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

    /// <summary>The class of the question, 1 for IN (RFC 1035 §3.2.4). Records of other classes are never kept.</summary>
    public ushort QuestionClass { get; init; } = InternetClass;

    public IReadOnlyList<ResourceRecord> Answers { get; init; } = [];
    public IReadOnlyList<ResourceRecord> Authorities { get; init; } = [];
    public IReadOnlyList<ResourceRecord> Additionals { get; init; } = [];

    /// <summary>What the sender can take by UDP, in octets; null without EDNS.</summary>
    public ushort? EdnsPayloadSize { get; init; }

    /// <summary>The EDNS version; a server that knows only 0 answers others with <see cref="ResponseCode.BadVersion"/>.</summary>
    public byte EdnsVersion { get; init; }

    /// <summary>What the server says about a failure (RFC 8914); only with EDNS.</summary>
    public IReadOnlyList<ExtendedDnsError> ExtendedErrors { get; init; } = [];
}
