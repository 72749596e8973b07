namespace Gateway.Dns;

/// <summary>Resource record types (RFC 1035 §3.2.2, RFC 3596 §2.1). Other values pass as opaque records (RFC 3597).</summary>
public enum RecordType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Opt = 41,
    Any = 255,
}
