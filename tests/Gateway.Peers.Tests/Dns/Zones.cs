namespace Gateway.Peers.Tests.Dns;

/// <summary>The zones that the DNS tests serve.</summary>
internal static class Zones
{
    public const string Forward = """
        $ORIGIN peer.test.
        $TTL 1h
        @          SOA   ns hostmaster 2026010101 2h 30m 2w 5m
                   NS    ns
                   NS    ns.other.test.
                   MX    10 mx1
                   MX    20 mx2.other.test.
                   TXT   "v=spf1 mx -all"
        ns         A     127.0.0.1
        mx1        A     192.0.2.10
                   AAAA  2001:db8::10
        short 30   A     192.0.2.11
        alias      CNAME mx1
        chain      CNAME alias
        outside    CNAME host.elsewhere.test.
        nullmx     MX    0 .
        *.wild     A     192.0.2.77
        sub        NS    ns.sub
        ns.sub     A     192.0.2.53
        words      TXT   "one" "two three" "" "quote\" backslash\\ semicolon;"
        caa        TYPE257 \# 17 00 05 6973737565 63612E6578616D706C65
        service    TYPE33  \# 21 000A 0014 0019 03 6D7831 04 70656572 04 74657374 00
        strange    TYPE65300 \# 4 DEADBEEF
        _dmarc     TXT   "v=DMARC1; p=reject"
        """;

    public const string Reverse = """
        $ORIGIN 2.0.192.in-addr.arpa.
        $TTL 1h
        @   SOA ns.peer.test. hostmaster.peer.test. 1 2h 30m 2w 5m
            NS  ns.peer.test.
        10  PTR mx1.peer.test.
        11  PTR mx1.peer.test.
        11  PTR other.peer.test.
        32  CNAME 32.32/29
        32.32/29 PTR classless.peer.test.
        """;

    public const string Reverse6 = """
        $ORIGIN 8.b.d.0.1.0.0.2.ip6.arpa.
        $TTL 1h
        @   SOA ns.peer.test. hostmaster.peer.test. 1 2h 30m 2w 5m
            NS  ns.peer.test.
        0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR mx1.peer.test.
        """;

    /// <summary>Two hundred addresses of one name, and a key that fills several strings: more than a datagram carries.</summary>
    public static string Large { get; } =
        "$ORIGIN large.test.\n$TTL 1h\n@ SOA ns hostmaster 1 2h 30m 2w 5m\n@ NS ns\nns A 127.0.0.1\n"
        + string.Concat(Enumerable.Range(0, 200).Select(static number => $"many A 192.0.2.{number}\n"))
        + string.Concat(Enumerable.Range(0, 40).Select(static number => $"some A 192.0.2.{number}\n"))
        + $"key TXT {string.Join(' ', Enumerable.Range(0, 16).Select(static number => $"\"{new string((char)('a' + number), 255)}\""))}\n"
        + $"huge TXT {string.Join(' ', Enumerable.Range(0, 200).Select(static number => $"\"{new string((char)('a' + (number % 26)), 255)}\""))}\n";
}
