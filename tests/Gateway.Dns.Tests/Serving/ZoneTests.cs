namespace Gateway.Dns.Tests.Serving;

public class ZoneTests
{
    // RFC 4592 §2.2.1, as it stands there.
    private const string Wildcards = """
        $ORIGIN example.
        example.                 3600 IN  SOA   ns.example.com. h.example.com. 1 1h 1h 1h 5m
        example.                 3600     NS    ns.example.com.
        example.                 3600     NS    ns.example.net.
        *.example.               3600     TXT   "this is a wildcard"
        *.example.               3600     MX    10 host1.example.
        sub.*.example.           3600     TXT   "this is not a wildcard"
        host1.example.           3600     A     192.0.2.1
        _ssh._tcp.host1.example. 3600     TYPE33 \# 7 00000000001600
        _ssh._tcp.host2.example. 3600     TYPE33 \# 7 00000000001600
        subdel.example.          3600     NS    ns.example.com.
        subdel.example.          3600     NS    ns.example.net.
        """;

    [Theory]
    [InlineData("host3.example", RecordType.Mx, ZoneOutcome.Found, "synthesised")]
    [InlineData("host3.example", RecordType.A, ZoneOutcome.NoData, "the wildcard has no A")]
    [InlineData("foo.bar.example", RecordType.Txt, ZoneOutcome.Found, "bar.example does not exist, so *.example is the source")]
    [InlineData("host1.example", RecordType.Mx, ZoneOutcome.NoData, "host1.example exists")]
    [InlineData("sub.*.example", RecordType.Mx, ZoneOutcome.NoData, "sub.*.example exists")]
    [InlineData("_telnet._tcp.host1.example", (RecordType)33, ZoneOutcome.NameError, "_tcp.host1.example exists, without data")]
    [InlineData("host.subdel.example", RecordType.A, ZoneOutcome.Referral, "delegated")]
    [InlineData("ghost.*.example", RecordType.Mx, ZoneOutcome.NameError, "*.example exists and is the encloser")]
    [InlineData("_tcp.host1.example", RecordType.A, ZoneOutcome.NoData, "an empty non-terminal exists")]
    [InlineData("host2.example", RecordType.Mx, ZoneOutcome.NoData, "so does this one")]
    [InlineData("*.example", RecordType.Txt, ZoneOutcome.Found, "the wildcard itself is a name")]
    [InlineData("HOST1.Example", RecordType.A, ZoneOutcome.Found, "case does not matter")]
    public void Wildcards_are_those_of_rfc_4592(string name, RecordType type, ZoneOutcome expected, string reason)
    {
        var question = new DnsQuestion(DomainName.Parse(name), type);

        var answer = Read(Wildcards).Find(question);

        Assert.True(expected == answer.Outcome, $"{reason}: {answer.Outcome}");
        Assert.All(answer.Records, record => Assert.Equal(question.Name, record.Owner));
        Assert.Equal(expected == ZoneOutcome.Found, answer.Records.Count > 0);
    }

    [Fact]
    public void A_negative_answer_brings_the_soa_with_the_lesser_of_its_two_times()
    {
        var answer = Read(Wildcards).Find(Question("_telnet._tcp.host1.example", RecordType.A));

        var authority = Assert.IsType<SoaRecord>(Assert.Single(answer.Authorities));
        Assert.Equal(TimeSpan.FromMinutes(5), authority.TimeToLive);
    }

    private const string Parent = """
        $ORIGIN parent.test.
        $TTL 1h
        @            SOA ns h 1 1h 1h 1h 5m
        ns           A   192.0.2.53
        child        NS  ns.child
        child        NS  ns
        ns.child     A   192.0.2.54
        ns.child     AAAA 2001:db8::54
        deep.child   NS  ns.deep.child
        alias        CNAME host
        host         A   192.0.2.1
        *.w          CNAME host
        outside      CNAME host.elsewhere.test.
        across       CNAME host.other.test.
        nowhere      CNAME missing
        one          CNAME two
        two          CNAME one
        self         CNAME self
        down         CNAME host.child
        set      60  A   192.0.2.1
        set      30  A   192.0.2.1
        set      90  A   192.0.2.2
        text         TXT "a" "b"
        text         TXT "a" "b"
        """;

    private const string Other = """
        $ORIGIN other.test.
        $TTL 10m
        @ SOA ns h 1 1h 1h 1h 5m
        host A 192.0.2.2
        """;

    private static ZoneSet Both => new([Read(Parent), Read(Other)]);

    [Theory]
    [InlineData("child.parent.test", "at the cut")]
    [InlineData("a.b.child.parent.test", "below it")]
    [InlineData("ns.child.parent.test", "glue is no data")]
    [InlineData("x.deep.child.parent.test", "the topmost cut counts")]
    public void A_delegation_refers_with_glue(string name, string reason)
    {
        var answer = Both.Find(Question(name, RecordType.A));

        Assert.True(answer.Outcome == ZoneOutcome.Referral, reason);
        Assert.Equal(2, answer.Authorities.Count);
        Assert.All(answer.Authorities, record => Assert.Equal(DomainName.Parse("child.parent.test"), record.Owner));
        Assert.Equal(3, answer.Additionals.Count);
        Assert.Empty(answer.Records);
    }

    [Theory]
    [InlineData("alias.parent.test", RecordType.A, ZoneOutcome.Found, 1)]
    [InlineData("alias.parent.test", RecordType.Cname, ZoneOutcome.Found, 0)]
    [InlineData("alias.parent.test", RecordType.Any, ZoneOutcome.Found, 0)]
    [InlineData("alias.parent.test", RecordType.Mx, ZoneOutcome.NoData, 1)]
    [InlineData("any.w.parent.test", RecordType.A, ZoneOutcome.Found, 1)]
    [InlineData("across.parent.test", RecordType.A, ZoneOutcome.Found, 1)]
    [InlineData("outside.parent.test", RecordType.A, ZoneOutcome.NotServed, 1)]
    [InlineData("nowhere.parent.test", RecordType.A, ZoneOutcome.NameError, 1)]
    [InlineData("down.parent.test", RecordType.A, ZoneOutcome.Referral, 1)]
    [InlineData("one.parent.test", RecordType.A, ZoneOutcome.AliasLoop, 2)]
    [InlineData("self.parent.test", RecordType.A, ZoneOutcome.AliasLoop, 1)]
    [InlineData("host.elsewhere.test", RecordType.A, ZoneOutcome.NotServed, 0)]
    [InlineData("parent.test", RecordType.Soa, ZoneOutcome.Found, 0)]
    public void Aliases_are_followed_through_all_zones(string name, RecordType type, ZoneOutcome expected, int aliases)
    {
        var answer = Both.Find(Question(name, type));

        Assert.Equal(expected, answer.Outcome);
        Assert.Equal(aliases, answer.Aliases.Count);
        if (aliases > 0)
            Assert.Equal(DomainName.Parse(name), answer.Aliases[0].Owner);
    }

    [Fact]
    public void A_chain_of_aliases_has_an_end()
    {
        var links = string.Concat(Enumerable.Range(0, 40).Select(number => $"n{number} CNAME n{number + 1}\n"));
        var zones = new ZoneSet([Read("$ORIGIN test.\n$TTL 1h\n@ SOA ns h 1 1 1 1 1\n" + links + "n40 A 192.0.2.1\n")]);

        Assert.Equal(ZoneOutcome.AliasLoop, zones.Find(Question("n0.test", RecordType.A)).Outcome);
        Assert.Equal(ZoneOutcome.Found, zones.Find(Question("n30.test", RecordType.A)).Outcome);
    }

    [Fact]
    public void A_set_has_no_duplicates_and_one_time_to_live()
    {
        var answer = Both.Find(Question("set.parent.test", RecordType.A));

        Assert.Equal(2, answer.Records.Count);
        Assert.All(answer.Records, record => Assert.Equal(TimeSpan.FromSeconds(30), record.TimeToLive));
        Assert.Single(Both.Find(Question("text.parent.test", RecordType.Txt)).Records);
    }

    [Fact]
    public void The_closest_zone_answers()
    {
        var zones = Both.With(Read("$ORIGIN .\n$TTL 1h\n@ SOA ns. h. 1 1 1 1 1"))
            .With(Read("$ORIGIN child.parent.test.\n$TTL 1h\n@ SOA ns h 1 1 1 1 1\nhost A 192.0.2.9"));

        Assert.Equal(ZoneOutcome.Found, zones.Find(Question("down.parent.test", RecordType.A)).Outcome);
        Assert.Equal(ZoneOutcome.NameError, zones.Find(Question("elsewhere.test", RecordType.A)).Outcome);
        Assert.Equal(ZoneOutcome.NoData, zones.Find(Question(".", RecordType.A)).Outcome);
        // "test" is in no file, but other.test is: it exists (RFC 8020).
        Assert.Equal(ZoneOutcome.NoData, zones.Find(Question("test", RecordType.A)).Outcome);
        Assert.Equal(ZoneOutcome.NotServed, zones.Without(DomainName.Root).Find(Question(".", RecordType.A)).Outcome);
    }

    private static Zone Read(string text)
    {
        var file = MasterFile.Read(text);
        Assert.Empty(file.Errors);
        return file.Zone!;
    }

    private static DnsQuestion Question(string name, RecordType type) => new(DomainName.Parse(name), type);
}
