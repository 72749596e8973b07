namespace Gateway.Dns.Tests;

public sealed class AliasChainTests
{
    private static readonly DomainName Reverse = DomainName.Parse("25.2.0.192.in-addr.arpa");
    private static readonly DomainName Classless = DomainName.Parse("25.0/25.2.0.192.in-addr.arpa");
    private static readonly DomainName Mail = DomainName.Parse("mail.example.com");
    private static readonly SoaRecord Authority = Soa("2.0.192.in-addr.arpa", 900, 600);

    private static TimeSpan S(int seconds) => TimeSpan.FromSeconds(seconds);

    private static SoaRecord Soa(string owner, int ttl, int minimum) =>
        new(DomainName.Parse(owner), S(ttl), Mail, Mail, 1, S(1), S(1), S(1), S(minimum));

    private static CnameRecord Alias(DomainName owner, DomainName target, int ttl = 100) => new(owner, S(ttl), target);

    private static async Task<DnsAnswer> AskAsync(Func<DnsMessage, DnsMessage> script)
    {
        await using var server = new ScriptedServer(script);
        var resolver = new StubResolver(
            new() { Servers = [server.EndPoint], AttemptTimeout = TimeSpan.FromMinutes(1), Deadline = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        return await resolver.ResolveAsync(new(Reverse, RecordType.Ptr), CancellationToken.None);
    }

    [Fact]
    public async Task A_classless_delegation_is_followed_within_one_answer()
    {
        var answer = await AskAsync(query => ScriptedServer.Reply(
            query, new PtrRecord(Classless, S(300), Mail), Alias(Reverse, Classless, 60)));

        Assert.Equal(DnsStatus.Found, answer.Status);
        Assert.Equal(Classless, Assert.Single(answer.Aliases).Target);
        Assert.Equal(Mail, Assert.IsType<PtrRecord>(Assert.Single(answer.Records)).Target);
        Assert.Equal(S(60), answer.TimeToLive);
    }

    [Fact]
    public async Task A_chain_is_followed_across_the_answers_of_authoritative_servers()
    {
        var answer = await AskAsync(query => Authoritative(query, query.Question!.Value.Name == Reverse
            ? Alias(Reverse, Classless)
            : new PtrRecord(Classless, S(30), Mail)));

        Assert.Equal(DnsStatus.Found, answer.Status);
        Assert.Single(answer.Aliases);
        Assert.Equal(S(30), answer.TimeToLive);
    }

    private static DnsMessage Authoritative(DnsMessage query, params ResourceRecord[] records) =>
        ScriptedServer.Reply(query, records) with { IsAuthoritative = true, RecursionAvailable = false };

    [Fact]
    public async Task A_chain_that_comes_back_is_malformed()
    {
        var within = await AskAsync(query => ScriptedServer.Reply(query, Alias(Reverse, Classless), Alias(Classless, Reverse)));
        var across = await AskAsync(query => Authoritative(query, query.Question!.Value.Name == Reverse ? Alias(Reverse, Classless) : Alias(Classless, Reverse)));
        var itself = await AskAsync(query => ScriptedServer.Reply(query, Alias(Reverse, Reverse)));

        Assert.All([within, across, itself], static answer => Assert.Equal(DnsStatus.Malformed, answer.Status));
    }

    [Theory]
    [InlineData(16, DnsStatus.Found)]
    [InlineData(17, DnsStatus.Malformed)]
    public async Task A_chain_is_followed_up_to_its_limit(int aliases, DnsStatus expected)
    {
        var names = Enumerable.Range(0, aliases + 1).Select(i => i == 0 ? Reverse : DomainName.Parse($"{i}.example")).ToArray();
        var chain = Enumerable.Range(0, aliases).Select(i => (ResourceRecord)Alias(names[i], names[i + 1]));

        var answer = await AskAsync(query => ScriptedServer.Reply(query, [.. chain, new PtrRecord(names[^1], S(1), Mail)]));

        Assert.Equal(expected, answer.Status);
    }

    [Fact]
    public async Task An_endless_chain_across_answers_ends()
    {
        var count = 0;
        var answer = await AskAsync(query => Authoritative(query, Alias(query.Question!.Value.Name, DomainName.Parse($"{++count}.example"))));

        Assert.Equal(DnsStatus.Malformed, answer.Status);
        Assert.Equal(17, count);
    }

    public static TheoryData<string, DnsStatus, int, string> Negatives => new()
    {
        { "nxdomain", DnsStatus.NameError, 600, "RFC 2308 §5: MINIMUM is less" },
        { "nodata", DnsStatus.NoData, 600, "no record, but SOA" },
        { "nodata-short", DnsStatus.NoData, 5, "the SOA's own TTL is less" },
        { "nodata-no-soa", DnsStatus.NoData, 0, "without SOA it is not kept" },
        { "nxdomain-no-soa", DnsStatus.NameError, 0, "without SOA it is not kept" },
        { "foreign-soa", DnsStatus.NoData, 0, "the SOA of another zone counts for nothing" },
        { "alias-nxdomain", DnsStatus.NameError, 100, "RFC 6604 §3: the code is about the end of the chain" },
        { "alias-nodata", DnsStatus.NoData, 100, "the alias is kept for less" },
        { "authoritative-empty", DnsStatus.NoData, 0, "RFC 2308 §2.2 type 3" },
        { "lame-empty", DnsStatus.Malformed, 0, "neither has the zone nor looks elsewhere" },
        { "referral", DnsStatus.Malformed, 0, "NS without SOA leads elsewhere" },
        { "referral-ra", DnsStatus.Malformed, 0, "also from one who could have looked" },
        { "unrelated", DnsStatus.Malformed, 0, "records of another name answer nothing" },
        { "unrelated-ra", DnsStatus.Malformed, 0, "nor do they say that there is none" },
        { "nxdomain-with-records", DnsStatus.Malformed, 0, "RFC 2308 §2.1: only aliases may stand beside NXDOMAIN" },
        { "nxdomain-with-another-type", DnsStatus.Malformed, 0, "a name that has a record exists" },
        { "alias-nxdomain-with-records", DnsStatus.Malformed, 0, "the end of the chain exists, or does not" },
        { "nxdomain-with-foreign-records", DnsStatus.NameError, 600, "records of another name say nothing about this one" },
        { "servfail-with-records", DnsStatus.ServerFailure, 0, "a server that failed has no answer" },
        { "refused-with-records", DnsStatus.Refused, 0, "a server that refuses has no answer" },
        { "notimp-with-records", DnsStatus.ServerFailure, 0, "no other response code has an answer either" },
        { "lame-name-error", DnsStatus.Malformed, 0, "neither has the zone nor looks elsewhere, so it cannot know the name" },
    };

    [Theory, MemberData(nameof(Negatives))]
    public async Task No_record_is_told_from_no_answer(string kind, DnsStatus expected, int ttl, string reason)
    {
        var server = new NsRecord(DomainName.Parse("192.in-addr.arpa"), S(60), Mail);
        var answer = await AskAsync(query =>
        {
            var reply = ScriptedServer.Reply(query);
            return kind switch
            {
                "nxdomain" => reply with { ResponseCode = ResponseCode.NameError, Authorities = [Authority] },
                "nodata" => reply with { Authorities = [Authority] },
                "nodata-short" => reply with { Authorities = [Soa("2.0.192.in-addr.arpa", 5, 600)] },
                "nxdomain-no-soa" => reply with { ResponseCode = ResponseCode.NameError },
                "foreign-soa" => reply with { Authorities = [Soa("example.com", 900, 600)] },
                "alias-nxdomain" => reply with { ResponseCode = ResponseCode.NameError, Answers = [Alias(Reverse, Classless)], Authorities = [Authority] },
                "alias-nodata" => reply with { Answers = [Alias(Reverse, Classless)], Authorities = [Authority] },
                "authoritative-empty" => reply with { IsAuthoritative = true, RecursionAvailable = false },
                "lame-empty" => reply with { RecursionAvailable = false },
                "referral" => reply with { RecursionAvailable = false, Authorities = [server] },
                "referral-ra" => reply with { Authorities = [server] },
                "unrelated" => reply with { RecursionAvailable = false, Answers = [new PtrRecord(Mail, S(1), Mail)] },
                "unrelated-ra" => reply with { Answers = [new PtrRecord(Mail, S(1), Mail)] },
                "nxdomain-with-records" => NameError(reply, new PtrRecord(Reverse, S(300), Mail)),
                "nxdomain-with-another-type" => NameError(reply, new AddressRecord(Reverse, S(300), System.Net.IPAddress.Loopback)),
                "alias-nxdomain-with-records" => NameError(reply, Alias(Reverse, Classless), new PtrRecord(Classless, S(300), Mail)),
                "nxdomain-with-foreign-records" => NameError(reply, new PtrRecord(Mail, S(300), Mail)),
                "servfail-with-records" => reply with { ResponseCode = ResponseCode.ServerFailure, Answers = [new PtrRecord(Reverse, S(300), Mail)] },
                "refused-with-records" => reply with { ResponseCode = ResponseCode.Refused, Answers = [new PtrRecord(Reverse, S(300), Mail)] },
                "notimp-with-records" => reply with { ResponseCode = ResponseCode.NotImplemented, Answers = [new PtrRecord(Reverse, S(300), Mail)] },
                "lame-name-error" => reply with { RecursionAvailable = false, ResponseCode = ResponseCode.NameError },
                _ => reply,
            };
        });

        Assert.True(answer.Status == expected, $"{reason}: {answer}");
        Assert.True(answer.TimeToLive == S(ttl), $"{reason}: {answer.TimeToLive}");
        Assert.Empty(answer.Records);
    }

    private static DnsMessage NameError(DnsMessage reply, params ResourceRecord[] records) =>
        reply with { ResponseCode = ResponseCode.NameError, Answers = records, Authorities = [Authority] };

    [Fact]
    public async Task A_server_that_contradicts_itself_is_left_for_the_next_and_none_of_its_aliases_is_kept()
    {
        await using var broken = new ScriptedServer(query => NameError(ScriptedServer.Reply(query), Alias(Reverse, Classless, 1), new PtrRecord(Classless, S(1), Mail)));
        await using var healthy = new ScriptedServer(query => ScriptedServer.Reply(query, new PtrRecord(Reverse, S(300), Mail)));
        var resolver = new StubResolver(new() { Servers = [broken.EndPoint, healthy.EndPoint], Deadline = TimeSpan.FromMinutes(1) }, TimeProvider.System);

        var answer = await resolver.ResolveAsync(new(Reverse, RecordType.Ptr), CancellationToken.None);

        Assert.Equal((DnsStatus.Found, S(300)), (answer.Status, answer.TimeToLive));
        Assert.Empty(answer.Aliases);
    }

    [Fact]
    public async Task A_lame_server_is_left_for_the_next()
    {
        await using var lame = new ScriptedServer(query => ScriptedServer.Reply(query) with { RecursionAvailable = false });
        await using var healthy = new ScriptedServer(query => ScriptedServer.Reply(query, new PtrRecord(Reverse, S(1), Mail)));
        var resolver = new StubResolver(new() { Servers = [lame.EndPoint, healthy.EndPoint], Deadline = TimeSpan.FromMinutes(1) }, TimeProvider.System);

        Assert.Equal(DnsStatus.Found, (await resolver.ResolveAsync(new(Reverse, RecordType.Ptr), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task An_answer_is_authenticated_only_when_every_part_of_it_is()
    {
        var answer = await AskAsync(query => query.Question!.Value.Name == Reverse
            ? Authoritative(query, Alias(Reverse, Classless)) with { IsAuthenticated = true }
            : Authoritative(query, new PtrRecord(Classless, S(30), Mail)));

        Assert.Equal(DnsStatus.Found, answer.Status);
        Assert.False(answer.IsAuthenticated);
    }
}
