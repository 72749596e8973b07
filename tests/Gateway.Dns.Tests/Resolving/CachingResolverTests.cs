using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Dns.Tests;

public sealed class CachingResolverTests
{
    private static readonly DnsQuestion Question = Numbered(25);

    private readonly ManualTime _time = new();

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static DnsQuestion Numbered(int number) => new(DomainName.Parse($"{number}.2.0.192.in-addr.arpa"), RecordType.Ptr);

    private static async Task<DnsAnswer> AskAsync(CachingResolver resolver, DnsQuestion question) =>
        await resolver.ResolveAsync(question, CancellationToken.None);

    [Fact]
    public void Nothing_is_served_past_its_time_to_live()
    {
        var steps = Gen.ArrayOf(
            from number in Gen.Choose(1, 5)
            from wait in Gen.Choose(0, 4000)
            from ttl in Gen.Choose(0, 9)
            select (number, wait, ttl)).ToArbitrary();
        Prop.ForAll(steps, steps =>
        {
            var time = new ManualTime();
            var ttl = TimeSpan.Zero;
            var born = new Dictionary<DnsQuestion, TimeSpan>();
            var inner = new ScriptedResolver(question =>
            {
                born[question] = time.Elapsed + ttl;
                return ScriptedResolver.Found(question, ttl);
            });
            var resolver = new CachingResolver(inner, new() { MaxEntries = 3 }, time);
            return steps.All(step =>
            {
                time.Advance(TimeSpan.FromMilliseconds(step.wait));
                ttl = S(step.ttl);
                var asked = inner.Questions;
                var pending = resolver.ResolveAsync(Numbered(step.number), CancellationToken.None);
                Assert.True(pending.IsCompletedSuccessfully || inner.Questions > asked);
                var answer = pending.AsTask().GetAwaiter().GetResult();
                var over = born[Numbered(step.number)];
                return answer.TimeToLive <= over - time.Elapsed
                    && answer.Records.All(record => record.TimeToLive <= over - time.Elapsed)
                    && (inner.Questions > asked || time.Elapsed < over);
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task What_was_learned_before_everything_was_forgotten_is_asked_again()
    {
        var late = new TaskCompletionSource<DnsAnswer>();
        var inner = new ScriptedResolver(question => question == Question ? Task.FromResult(ScriptedResolver.Found(question, S(60))) : late.Task);
        var resolver = new CachingResolver(inner, new(), _time);
        await AskAsync(resolver, Question);
        var underWay = AskAsync(resolver, Numbered(26));

        resolver.Clear();
        late.SetResult(ScriptedResolver.Found(Numbered(26), S(60)));

        Assert.Equal(DnsStatus.Found, (await underWay).Status);
        Assert.Equal((0, 0), (resolver.Count, resolver.Octets));
        await AskAsync(resolver, Question);
        Assert.Equal((3, 1), (inner.Questions, resolver.Count));
    }

    [Fact]
    public async Task A_kept_answer_grows_older()
    {
        var inner = new ScriptedResolver(static question => ScriptedResolver.Found(question, S(60)));
        var resolver = new CachingResolver(inner, new(), _time);

        await AskAsync(resolver, Question);
        _time.Advance(S(12.5));
        var kept = await AskAsync(resolver, Question);

        Assert.Equal(S(47), kept.TimeToLive);
        Assert.Equal(S(47), kept.Records[0].TimeToLive);
        Assert.Equal(1, inner.Questions);
        Assert.Equal((1, 1), (resolver.Hits, resolver.Misses));
    }

    [Fact]
    public async Task A_hit_completes_at_once_and_allocates_nothing()
    {
        var resolver = new CachingResolver(new ScriptedResolver(static question => ScriptedResolver.Found(question, S(60))), new(), _time);
        await AskAsync(resolver, Question);
        _time.Advance(S(0.5));
        Assert.True(resolver.TryGet(Question, out var expected));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isSame = true;
        for (var i = 0; i < 1000; i++)
        {
            var hit = resolver.ResolveAsync(Question, CancellationToken.None);
            isSame &= hit.IsCompletedSuccessfully && ReferenceEquals(await hit, expected);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(isSame);
        Assert.Equal(0, allocated);
    }

    public static TheoryData<DnsStatus, double, double, string> Bounds => new()
    {
        { DnsStatus.Found, 1e6, 86400, "a day at most" },
        { DnsStatus.Found, 30, 30, "as it says" },
        { DnsStatus.NoData, 1e6, 3600, "RFC 2308 §5" },
        { DnsStatus.NameError, 60, 60, "as it says" },
        { DnsStatus.ServerFailure, 0, 5, "RFC 9520 §3.2" },
        { DnsStatus.Refused, 0, 5, "RFC 9520 §3.2" },
        { DnsStatus.TimedOut, 0, 5, "RFC 9520 §3.2" },
        { DnsStatus.Malformed, 1e6, 5, "a failure has no say in how long it is kept" },
    };

    [Theory, MemberData(nameof(Bounds))]
    public async Task An_answer_is_kept_within_bounds(DnsStatus status, double ttl, double kept, string reason)
    {
        var inner = new ScriptedResolver(question => new DnsAnswer(question, status, [], [], S(ttl)));
        var resolver = new CachingResolver(inner, new(), _time);

        Assert.Equal(S(kept), (await AskAsync(resolver, Question)).TimeToLive);
        _time.Advance(S(kept - 0.001));
        Assert.True(resolver.TryGet(Question, out _), reason);
        _time.Advance(S(0.001));
        Assert.False(resolver.TryGet(Question, out _), reason);
    }

    [Fact]
    public async Task An_answer_with_no_time_to_live_is_not_kept()
    {
        var inner = new ScriptedResolver(static question => ScriptedResolver.Found(question, TimeSpan.Zero));
        var resolver = new CachingResolver(inner, new(), _time);

        await AskAsync(resolver, Question);
        await AskAsync(resolver, Question);

        Assert.Equal(2, inner.Questions);
        Assert.Equal(0, resolver.Count);
    }

    [Fact]
    public async Task A_question_is_under_way_only_once_and_whoever_leaves_takes_nobody_along()
    {
        var landing = new TaskCompletionSource<DnsAnswer>();
        var inner = new ScriptedResolver(_ => landing.Task);
        var resolver = new CachingResolver(inner, new(), _time);
        using var impatient = new CancellationTokenSource();

        var leaving = resolver.ResolveAsync(Question, impatient.Token).AsTask();
        var staying = Enumerable.Range(0, 100).Select(_ => AskAsync(resolver, Question)).ToArray();
        Assert.Equal(1, resolver.InFlight);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        landing.SetResult(ScriptedResolver.Found(Question, S(60)));
        var answers = await Task.WhenAll(staying);

        Assert.All(answers, static answer => Assert.Equal(DnsStatus.Found, answer.Status));
        Assert.Equal(1, inner.Questions);
        Assert.Equal(0, resolver.InFlight);
    }

    [Fact]
    public async Task Who_no_longer_wants_the_answer_gets_none()
    {
        var resolver = new CachingResolver(new ScriptedResolver(static question => ScriptedResolver.Found(question, S(60))), new(), _time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await resolver.ResolveAsync(Question, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_resolver_that_throws_gives_a_temporary_failure()
    {
        var inner = new ScriptedResolver(Task<DnsAnswer> (_) => throw new InvalidOperationException());
        var resolver = new CachingResolver(inner, new(), _time);

        Assert.True((await AskAsync(resolver, Question)).IsTemporaryFailure);
        Assert.Equal(0, resolver.InFlight);
    }

    [Fact]
    public async Task Types_of_one_name_are_kept_apart_and_cases_are_not()
    {
        var inner = new ScriptedResolver(static question => ScriptedResolver.Found(question, S(60)));
        var resolver = new CachingResolver(inner, new(), _time);

        await AskAsync(resolver, Question);
        await AskAsync(resolver, Question with { Type = RecordType.A });
        await AskAsync(resolver, new(DomainName.Parse("25.2.0.192.IN-ADDR.ARPA"), RecordType.Ptr));

        Assert.Equal(2, inner.Questions);
    }
}
