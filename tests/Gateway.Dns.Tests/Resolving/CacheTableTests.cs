namespace Gateway.Dns.Tests;

public sealed class CacheTableTests
{
    private static readonly DnsQuestion Question = Numbered(25);

    private readonly ManualTime _time = new();

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static DnsQuestion Numbered(int number) => new(DomainName.Parse($"{number}.2.0.192.in-addr.arpa"), RecordType.Ptr);

    private static async Task<DnsAnswer> AskAsync(CachingResolver resolver, DnsQuestion question) =>
        await resolver.ResolveAsync(question, CancellationToken.None);

    [Fact]
    public async Task The_table_is_bounded_and_keeps_what_is_in_demand()
    {
        var resolver = new CachingResolver(
            new ScriptedResolver(static question => ScriptedResolver.Found(question, S(60))), new() { MaxEntries = 100 }, _time);

        for (var i = 0; i < 1000; i++)
        {
            await AskAsync(resolver, Question);
            await AskAsync(resolver, Numbered(1000 + i));
            Assert.InRange(resolver.Count, 1, 100);
        }

        Assert.Equal(1001, resolver.Misses);
    }

    [Fact]
    public async Task An_answer_that_comes_again_takes_no_second_place()
    {
        var resolver = new CachingResolver(
            new ScriptedResolver(static question => ScriptedResolver.Found(question, S(1))), new() { MaxEntries = 2 }, _time);
        for (var i = 0; i < 10; i++)
        {
            await AskAsync(resolver, Question);
            await AskAsync(resolver, Numbered(1));
            _time.Advance(S(1));
        }
        var octets = resolver.Octets;

        await AskAsync(resolver, Question);

        Assert.Equal(2, resolver.Count);
        Assert.Equal(octets, resolver.Octets);
    }

    [Fact]
    public async Task Large_answers_are_bounded_by_their_memory()
    {
        const int limit = 1 << 20;
        var inner = new ScriptedResolver(static question => new DnsAnswer(
            question, DnsStatus.Found, [new OpaqueRecord(question.Name, (RecordType)99, S(60), new byte[20000])], [], S(60)));
        var resolver = new CachingResolver(inner, new() { MaxOctets = limit }, _time);

        for (var i = 0; i < 200; i++)
            await AskAsync(resolver, Numbered(i));

        Assert.InRange(resolver.Octets, 20000, limit);
        Assert.InRange(resolver.Count, 10, limit / 20000);
    }

    [Fact]
    public async Task One_huge_answer_displaces_nothing()
    {
        var inner = new ScriptedResolver(static question => question.Type == RecordType.Txt
            ? new DnsAnswer(question, DnsStatus.Found, [new OpaqueRecord(question.Name, RecordType.Txt, S(60), new byte[60000])], [], S(60))
            : ScriptedResolver.Found(question, S(60)));
        var resolver = new CachingResolver(inner, new() { MaxOctets = 1 << 19 }, _time);

        await AskAsync(resolver, Question);
        await AskAsync(resolver, Question with { Type = RecordType.Txt });

        Assert.True(resolver.TryGet(Question, out _));
        Assert.False(resolver.TryGet(Question with { Type = RecordType.Txt }, out _));
    }

    [Fact]
    public async Task Many_readers_and_writers_at_once_leave_it_whole()
    {
        var inner = new ScriptedResolver(static async question =>
        {
            await Task.Yield();
            return ScriptedResolver.Found(question, S(60));
        });
        var resolver = new CachingResolver(inner, new() { MaxEntries = 50 }, _time);

        await Parallel.ForAsync(0, 5000, async (i, _) => Assert.Equal(Numbered(i % 200), (await AskAsync(resolver, Numbered(i % 200))).Question));

        Assert.InRange(resolver.Count, 1, 50);
        Assert.Equal(0, resolver.InFlight);
    }
}
