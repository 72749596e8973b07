namespace Gateway.Dns.Tests.Serving;

public class MasterFileTests
{
    private const string Head = "$ORIGIN example.test.\n$TTL 1h\n@ SOA ns hostmaster 1 1h 15m 1w 5m\n";

    [Theory]
    [InlineData("host A 192.0.2.1", "host.example.test A 192.0.2.1", "a relative owner takes the origin")]
    [InlineData("host.example.test. A 192.0.2.1", "host.example.test A 192.0.2.1", "a final dot makes it absolute")]
    [InlineData("@ A 192.0.2.1", "example.test A 192.0.2.1", "@ is the origin")]
    [InlineData("host IN 60 A 192.0.2.1", "host.example.test A 192.0.2.1 60", "class, then TTL")]
    [InlineData("host 60 IN A 192.0.2.1", "host.example.test A 192.0.2.1 60", "TTL, then class")]
    [InlineData("host 1h30m A 192.0.2.1", "host.example.test A 192.0.2.1 5400", "TTL with units")]
    [InlineData("host 1W2d A 192.0.2.1", "host.example.test A 192.0.2.1 777600", "units in any case")]
    [InlineData("host in a 192.0.2.1", "host.example.test A 192.0.2.1", "words in any case")]
    [InlineData("in A 192.0.2.1", "in.example.test A 192.0.2.1", "an owner may look like a class")]
    [InlineData("60 A 192.0.2.1", "60.example.test A 192.0.2.1", "an owner may look like a TTL")]
    [InlineData("host AAAA 2001:DB8::1", "host.example.test AAAA 2001:db8::1", "IPv6")]
    [InlineData("host AAAA ::ffff:192.0.2.1", "host.example.test AAAA ::ffff:192.0.2.1", "IPv6 with an IPv4 tail")]
    [InlineData("host PTR mail", "host.example.test PTR mail.example.test", "a relative target")]
    [InlineData("host CNAME other.test.", "host.example.test CNAME other.test", "an absolute target")]
    [InlineData("host MX 10 mail", "host.example.test MX 10 mail.example.test", "MX")]
    [InlineData("host MX 0 .", "host.example.test MX 0 .", "the null MX")]
    [InlineData("sub NS ns.sub", "sub.example.test NS ns.sub.example.test", "NS")]
    [InlineData("host TXT one \"two words\" \"\"", "host.example.test TXT 6F6E65 74776F20776F726473 ", "strings, quoted and not")]
    [InlineData("host TXT \"a\\\"b\\;c\\065\"", "host.example.test TXT 6122623B6341", "escapes in a string")]
    [InlineData("host TXT \"; no ( no\"", "host.example.test TXT 3B206E6F2028206E6F", "quotes protect")]
    [InlineData("host TXT \"ä\"", "host.example.test TXT C3A4", "text beyond ASCII is UTF-8")]
    [InlineData("host TXT \"\\ä\\\U0001F600\"", "host.example.test TXT C3A4F09F9880", "an escape before text beyond ASCII changes nothing")]
    [InlineData("host ( MX ; comment\n 10\n mail ) ; end", "host.example.test MX 10 mail.example.test", "parentheses join lines")]
    [InlineData("a\\.b A 192.0.2.1", "a\\.b.example.test A 192.0.2.1", "an escaped dot parts nothing")]
    [InlineData("a\\. A 192.0.2.1", "a\\..example.test A 192.0.2.1", "an escaped dot at the end is not absolute")]
    [InlineData("a\\032b A 192.0.2.1", "a\\032b.example.test A 192.0.2.1", "\\DDD in a name")]
    [InlineData("\\@ A 192.0.2.1", "\\@.example.test A 192.0.2.1", "an escaped @ is a letter")]
    [InlineData("0/25 PTR x.test.", "0/25.example.test PTR x.test", "RFC 2317")]
    [InlineData("host TYPE65280 \\# 3 ABcd 01", "host.example.test 65280 ABCD01", "RFC 3597, in pieces")]
    [InlineData("host TYPE65280 \\# 0", "host.example.test 65280 ", "RFC 3597, empty")]
    [InlineData("host TYPE1 \\# 4 C0000201", "host.example.test A 192.0.2.1", "RFC 3597 of a known type")]
    [InlineData("host PTR \\# 3 016100", "host.example.test PTR a", "RFC 3597 by the known name")]
    [InlineData("host CLASS1 TYPE1 192.0.2.1", "host.example.test A 192.0.2.1", "numbers for class and type")]
    public void A_record_is_read(string line, string expected, string reason)
    {
        var file = MasterFile.Read(Head + line);

        Assert.Empty(file.Errors);
        Assert.True(expected == Show(file.Zone!.Records[^1]), $"{reason}: {Show(file.Zone.Records[^1])}");
    }

    [Theory]
    [InlineData("host A", "an address is missing")]
    [InlineData("host A 192.0.2.256", "is not an IPv4 address")]
    [InlineData("host A 127.1", "is not an IPv4 address")]
    [InlineData("host A 192.0.02.1", "is not an IPv4 address")]
    [InlineData("host A ::1", "is not an IPv4 address")]
    [InlineData("host AAAA 192.0.2.1", "is not an IPv6 address")]
    [InlineData("host AAAA ::1%1", "is not an IPv6 address")]
    [InlineData("host AAAA [::1]", "is not an IPv6 address")]
    [InlineData("host A 192.0.2.1 192.0.2.2", "\"192.0.2.2\" is too much: the record is complete before it")]
    [InlineData("host MX mail", "is not a preference from 0 to 65535")]
    [InlineData("host MX 65536 mail", "is not a preference from 0 to 65535")]
    [InlineData("host MX 10", "an exchange is missing")]
    [InlineData("host PTR a..b", "\"a..b\" is not a domain name")]
    [InlineData("host PTR \\256", "is not a domain name")]
    [InlineData("host PTR bücher", "is not a domain name")]
    [InlineData("host TXT", "a string is missing")]
    [InlineData("host TXT \"no end", "a quoted string must end on the line where it begins")]
    [InlineData("host TXT \\999", "must be \\DDD, from \\000 to \\255")]
    [InlineData("host SRV 0 0 25 mail", "unknown type \"SRV\"")]
    [InlineData("host TYPE33 0 0 25 mail", "TYPE33 must be followed by \\# LENGTH HEXADECIMAL")]
    [InlineData("host TYPE70000 \\# 0", "unknown type")]
    [InlineData("host TYPE65280 \\# 2 AB", "the length is 2 octets, but 1 octets follow")]
    [InlineData("host TYPE65280 \\# 1 XY", "not made of pairs of hexadecimal digits")]
    [InlineData("host TYPE1 \\# 3 C00002", "the octets are not a valid A record")]
    [InlineData("host ANY \\# 0", "a type of query, not of record")]
    [InlineData("host OPT \\# 0", "a type of query, not of record")]
    [InlineData("host CH A 192.0.2.1", "is not supported: write IN")]
    [InlineData("host 99999999999 A 192.0.2.1", "is not a TTL")]
    [InlineData("host 1x A 192.0.2.1", "is not a TTL")]
    [InlineData("host", "the type of the record is missing")]
    [InlineData("host 60 IN", "the type of the record is missing")]
    [InlineData("a..b A 192.0.2.1", "is not a domain name")]
    [InlineData("host A 192.0.2.1 )", "\")\" has no \"(\" before it")]
    [InlineData("host ( A 192.0.2.1", "\"(\" is never closed with \")\"")]
    [InlineData("$GENERATE 1-9 a A 192.0.2.1", "unknown directive $GENERATE")]
    [InlineData("$TTL", "wrong number of arguments")]
    [InlineData("$TTL soon", "is not a TTL")]
    [InlineData("$ORIGIN a..b.", "is not a domain name")]
    [InlineData("$INCLUDE other", "$INCLUDE is not possible here")]
    [InlineData("other.test. A 192.0.2.1", "other.test does not belong to the zone example.test")]
    [InlineData("@ SOA ns hostmaster 2 1h 15m 1w 5m", "this is a second SOA record")]
    [InlineData("@ CNAME other", "has a CNAME and other records")]
    [InlineData("*.sub NS ns", "a wildcard name cannot have NS records")]
    [InlineData(";@fault host sleep", "fault: \"sleep\" is not a fault: use servfail, ")]
    [InlineData(";@fault host delay", "the time of the delay is missing: use one")]
    [InlineData(";@fault host delay soon", "\"soon\" is not a time: use one")]
    [InlineData(";@fault host servfail drop", "\"drop\": servfail is given already")]
    [InlineData(";@fault host", "a fault needs a name and a kind of fault")]
    [InlineData(";@fault other.test. drop", "does not belong to the zone")]
    [InlineData(";@falt host drop", "unknown pragma")]
    public void A_mistake_has_its_line_and_its_reason(string line, string reason)
    {
        var file = MasterFile.Read(Head + "\n" + line + "\n", "bad.zone");

        var error = Assert.Single(file.Errors);
        Assert.Null(file.Zone);
        Assert.Equal(("bad.zone", 5), (error.File, error.Line));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_in_the_order_of_their_lines()
    {
        var file = MasterFile.Read(Head + "a A x\nother.test. A 192.0.2.1\nb MX (\n x\n mail )\nc CNAME d\nc CNAME e\nf TXT \"\n");

        Assert.Equal([4, 5, 6, 10, 11], file.Errors.Select(error => error.Line));
    }

    [Theory]
    [InlineData("host A 192.0.2.1\nhost CNAME other", "beside")]
    [InlineData("host CNAME other\nhost A 192.0.2.1", "beside")]
    [InlineData("host CNAME other\nhost CNAME another", "second CNAME")]
    public void What_stands_beside_an_alias_is_a_mistake_on_the_later_line(string lines, string reason)
    {
        var error = Assert.Single(MasterFile.Read(Head + lines).Errors);

        Assert.Equal(5, error.Line);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zone_without_soa_is_none()
    {
        foreach (var text in new[] { "$TTL 1\na.test. A 192.0.2.1", "" })
            Assert.Contains("no SOA", Assert.Single(MasterFile.Read(text).Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_soa_is_not_also_missing()
    {
        var error = Assert.Single(MasterFile.Read("$TTL 1\nexample.test. SOA ns. hostmaster. one 1 1 1 1").Errors);

        Assert.Equal(2, error.Line);
        Assert.Contains("\"one\" is not the serial", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Relative_names_need_an_origin()
    {
        var file = MasterFile.Read("$TTL 1\nexample.test. SOA ns. hostmaster. 1 1 1 1 1\nhost A 192.0.2.1\n@ A 192.0.2.1");

        Assert.Equal([3, 4], file.Errors.Select(error => error.Line));
        Assert.Empty(MasterFile.Read("$TTL 1\n@ SOA ns. h. 1 1 1 1 1", origin: DomainName.Parse("example.test")).Errors);
    }

    [Fact]
    public void A_blank_owner_is_the_last_one_and_the_first_record_needs_its_own()
    {
        var file = MasterFile.Read(Head + "host A 192.0.2.1\n  A 192.0.2.2\n\tTXT x");

        Assert.Equal(3, file.Zone!.Records.Count(record => record.Owner == DomainName.Parse("host.example.test")));
        var error = Assert.Single(MasterFile.Read("$TTL 1\n  A 192.0.2.1\nexample.test. SOA ns. h. 1 1 1 1 1").Errors);
        Assert.Equal((2, "the first record has no name at its beginning"), (error.Line, error.Reason));
    }

    [Fact]
    public void Records_under_a_broken_owner_are_not_given_to_the_one_before()
    {
        var file = MasterFile.Read(Head + "host A 192.0.2.1\na..b A 192.0.2.2\n  TXT x\n  A 192.0.2.300");

        Assert.Equal([5, 7], file.Errors.Select(error => error.Line));
    }

    [Fact]
    public void A_missing_ttl_is_that_of_the_directive_before_the_last_stated_one()
    {
        const string soa = "example.test. 60 SOA ns. h. 1 1 1 1 1\n";

        Assert.Equal(60, Seconds(MasterFile.Read(soa + "a.example.test. A 192.0.2.1")));
        Assert.Equal(90, Seconds(MasterFile.Read("$TTL 90\n" + soa + "a.example.test. A 192.0.2.1")));
        Assert.Contains("no TTL", Assert.Single(MasterFile.Read(soa.Replace(" 60", "", StringComparison.Ordinal)).Errors).Reason, StringComparison.Ordinal);
        static double Seconds(MasterFile file) => file.Zone!.Records[^1].TimeToLive.TotalSeconds;
    }

    private static string Show(ResourceRecord record)
    {
        var content = record switch
        {
            AddressRecord address => $"{address.Type.ToString().ToUpperInvariant()} {address.Address}",
            PtrRecord pointer => $"PTR {pointer.Target}",
            CnameRecord alias => $"CNAME {alias.Target}",
            NsRecord server => $"NS {server.Host}",
            MxRecord exchange => $"MX {exchange.Preference} {exchange.Exchange}",
            TxtRecord text => $"TXT {string.Join(' ', text.Strings.Select(part => Convert.ToHexString(part.Span)))}",
            OpaqueRecord opaque => $"{(int)opaque.Type} {Convert.ToHexString(opaque.Content.Span)}",
            _ => record.ToString(),
        };
        var time = record.TimeToLive == TimeSpan.FromHours(1) ? "" : $" {record.TimeToLive.TotalSeconds}";
        return $"{record.Owner} {content}{time}";
    }
}
