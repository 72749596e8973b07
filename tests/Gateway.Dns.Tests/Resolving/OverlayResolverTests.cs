namespace Gateway.Dns.Tests;

public sealed class OverlayResolverTests
{
    private static readonly string[] Published =
    [
        "76.61.54.209.in-addr.arpa. CNAME 76.64/28.61.54.209.in-addr.arpa.",
        "mail.source.com. A 209.54.61.76",
        "mail.source.com. MX 10 mail.source.com.",
        "www.source.com. CNAME web.source.com.",
        "web.source.com. A 192.0.2.1",
        "first.example. CNAME second.example.",
        "second.example. CNAME first.example.",
    ];

    [Theory]
    [InlineData("mail.source.com. A 192.0.2.9", "mail.source.com", RecordType.A, "192.0.2.9", "what is assumed stands in place of what is there")]
    [InlineData("mail.source.com. A 192.0.2.9", "mail.source.com", RecordType.Mx, "mail.source.com", "another type is asked for as ever")]
    [InlineData("MAIL.Source.COM. A 192.0.2.9", "mail.source.com", RecordType.A, "192.0.2.9", "names have no case")]
    [InlineData("new.source.com. CNAME mail.source.com.", "new.source.com", RecordType.A, "209.54.61.76", "an assumed alias leads to what is there")]
    [InlineData("web.source.com. A 192.0.2.9", "www.source.com", RecordType.A, "192.0.2.9", "an alias that is there leads to what is assumed")]
    [InlineData("76.64/28.61.54.209.in-addr.arpa. PTR mail.source.com.", "76.61.54.209.in-addr.arpa", RecordType.Ptr, "mail.source.com",
        "the alias of RFC 2317 is there, its end is assumed")]
    [InlineData("web.source.com. CNAME mail.source.com.", "www.source.com", RecordType.A, "209.54.61.76", "there, assumed, there")]
    [InlineData("first.example. A 192.0.2.9", "second.example", RecordType.A, "192.0.2.9", "a circle that is cut through is none")]
    public async Task Records_are_laid_over_the_real_ones(string assumed, string name, RecordType type, string expected, string reason)
    {
        var answer = await ResolveAsync(name, type, assumed);

        Assert.Equal(DnsStatus.Found, answer.Status);
        Assert.True(expected == Value(answer.Records[0]), reason);
        Assert.Equal(new DnsQuestion(DomainName.Parse(name), type), answer.Question);
        Assert.Equal(type != RecordType.Mx, answer.Detail == OverlayResolver.Assumed);
    }

    [Theory]
    [InlineData("sub.new.example. A 192.0.2.1", "new.example", DnsStatus.NoData, "RFC 8020: a name with names below it exists")]
    [InlineData("new.example. A 192.0.2.1", "new.example", DnsStatus.NoData, "a name with another type exists")]
    [InlineData("new.example. A 192.0.2.1", "other.example", DnsStatus.NameError, "other names are as they were")]
    [InlineData("a.example. CNAME b.example.|b.example. CNAME a.example.", "a.example", DnsStatus.Malformed, "aliases in a circle are no answer")]
    [InlineData("web.source.com. CNAME www.source.com.", "www.source.com", DnsStatus.Malformed, "nor are those that close a circle with real ones")]
    [InlineData("new.example. CNAME nowhere.example.", "new.example", DnsStatus.NameError, "an alias to nothing (RFC 6604 §3)")]
    public async Task What_is_not_there_follows_from_what_is_assumed(string assumed, string name, DnsStatus expected, string reason)
    {
        var answer = await ResolveAsync(name, RecordType.Mx, assumed.Split('|'));
        Assert.True(expected == answer.Status, $"{reason}: {answer.Status}");
        Assert.Empty(answer.Records);
    }

    [Fact]
    public async Task The_way_over_aliases_of_both_sides_is_told_whole()
    {
        var answer = await ResolveAsync("www.source.com", RecordType.A, "web.source.com. CNAME mail.source.com.");
        Assert.Equal(["web.source.com", "mail.source.com"], answer.Aliases.Select(alias => alias.Target.ToString()));
    }

    [Fact]
    public async Task Trouble_of_the_real_DNS_stays_trouble()
    {
        var inner = new ScriptedAnswers(question => new(question, DnsStatus.ServerFailure, [], [], TimeSpan.Zero, "broken"));
        var overlay = new OverlayResolver(inner, [Record("mail.source.com. A 192.0.2.9")]);

        var answer = await overlay.ResolveAsync(new(DomainName.Parse("mail.source.com"), RecordType.Mx), TestContext.Current.CancellationToken);

        Assert.Equal((DnsStatus.ServerFailure, "broken"), (answer.Status, answer.Detail));
    }

    [Fact]
    public async Task What_is_assumed_is_never_asked()
    {
        var inner = new ScriptedAnswers(question => throw new InvalidOperationException($"{question} was asked"));
        var overlay = new OverlayResolver(inner, [Record("mail.source.com. A 192.0.2.9"), Record("mail.source.com. A 192.0.2.10")]);

        var answer = await overlay.ResolveAsync(new(DomainName.Parse("mail.source.com"), RecordType.A), TestContext.Current.CancellationToken);

        Assert.Equal(["192.0.2.9", "192.0.2.10"], answer.Records.Select(Value));
    }

    private static Task<DnsAnswer> ResolveAsync(string name, RecordType type, params string[] assumed)
    {
        var zone = MasterFile.Read($"$TTL 1h\n. SOA ns.test. h.test. 1 1 1 1 1\n{string.Join('\n', Published)}\n", origin: DomainName.Root);
        Assert.Empty(zone.Errors);
        var inner = new ZoneResolver(new([zone.Zone!]), new(), TimeProvider.System);
        var overlay = new OverlayResolver(inner, [.. assumed.Select(Record)]);
        return overlay.ResolveAsync(new(DomainName.Parse(name), type), TestContext.Current.CancellationToken).AsTask();
    }

    private static ResourceRecord Record(string text) =>
        RecordText.TryParse(text, out var record, out var problem) ? record : throw new FormatException(problem);

    private static string Value(ResourceRecord record) => record switch
    {
        AddressRecord address => address.Address.ToString(),
        PtrRecord pointer => pointer.Target.ToString(),
        MxRecord exchange => exchange.Exchange.ToString(),
        _ => record.ToString(),
    };

    private sealed class ScriptedAnswers(Func<DnsQuestion, DnsAnswer> answer) : IDnsResolver
    {
        public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) => new(answer(question));
    }
}
