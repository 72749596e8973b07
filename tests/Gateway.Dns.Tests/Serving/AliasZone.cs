namespace Gateway.Dns.Tests.Serving;

/// <summary>A zone in which names lead to others: inside, outside, in a circle, into a delegation, and to nothing.</summary>
internal static class AliasZone
{
    public static readonly DomainName Host = DomainName.Parse("host.test");

    public static readonly ZoneSet Zones = new([MasterFile.Read("""
        $ORIGIN test.
        $TTL 1h
        @      SOA ns h 1 1 1 1 5m
        host   A 192.0.2.1
        alias  60 CNAME host
        out    CNAME host.example.
        one    CNAME two
        two    CNAME one
        sub    NS ns.sub
        gone   60 CNAME missing
        down   CNAME x.sub
        """).Zone!]);
}
