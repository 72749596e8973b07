namespace Gateway.Dns;

/// <summary>The second 16 bits of the header (RFC 1035 §4.1.1, RFC 4035 §3.1.6).</summary>
[Flags]
internal enum HeaderFlags : ushort
{
    None = 0,
    Response = 0x8000,
    OpCodes = 0x7800,
    Authoritative = 0x0400,
    Truncated = 0x0200,
    RecursionDesired = 0x0100,
    RecursionAvailable = 0x0080,
    Authenticated = 0x0020,
    ResponseCodes = 0x000F,
}
