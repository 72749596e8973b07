using static Gateway.Dns.Tests.PointerQuestion;

namespace Gateway.Dns.Tests;

/// <summary>How many questions may be under way at once, and who gives way to whom.</summary>
public sealed class ResolverPlacesTests
{
    [Fact]
    public async Task The_wait_for_a_free_place_ends_with_the_deadline()
    {
        await using var silent = new ScriptedServer((_, _) => Script.Silence);
        var resolver = new StubResolver(
            new() { Servers = [silent.EndPoint], AttemptTimeout = Ample, Deadline = TimeSpan.FromMilliseconds(200), MaxConcurrent = 1 }, TimeProvider.System);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(resolver)));

        Assert.All(answers, static answer => Assert.Equal(DnsStatus.TimedOut, answer.Status));
        Assert.Contains(answers, static answer => answer.Detail!.Contains("other queries were open", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Places_are_given_back()
    {
        await using var server = new ScriptedServer(query => ScriptedServer.Reply(query, Pointer));
        var resolver = new StubResolver(
            new() { Servers = [server.EndPoint], AttemptTimeout = Ample, Deadline = Ample, MaxConcurrent = 2 }, TimeProvider.System);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AskAsync(resolver)));

        Assert.All(answers, static answer => Assert.Equal(DnsStatus.Found, answer.Status));
    }

    [Fact]
    public async Task Questions_that_nobody_answers_keep_out_none_that_is_answered()
    {
        var lost = DomainName.Parse("lost.example");
        await using var server = new ScriptedServer((query, _) => query.Question!.Value.Name == lost
            ? Script.Silence
            : new Script(ScriptedServer.Write(ScriptedServer.Reply(query, Pointer))));
        var resolver = new StubResolver(
            new()
            {
                Servers = [server.EndPoint],
                AttemptTimeout = Ample,
                Deadline = Ample,
                MaxConcurrent = 2,
                QuickTime = TimeSpan.FromMilliseconds(10),
                MaxSlow = 3,
            },
            TimeProvider.System);
        using var leaving = new CancellationTokenSource();
        var unanswered = Enumerable.Range(0, 20)
            .Select(_ => resolver.ResolveAsync(new(lost, RecordType.A), leaving.Token).AsTask()).ToList();

        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver)).Status);

        // The oldest gave way; as many as there are places still wait.
        var over = await Task.WhenAll(await FirstAsync(unanswered, count: 17));
        Assert.All(over, static answer => Assert.True(answer.IsTemporaryFailure));
        // On a slow machine the answered one was slow itself for a moment, and had one more give way.
        var waiting = unanswered.Count(static question => !question.IsCompleted);
        Assert.InRange(waiting, 2, 3);
        await leaving.CancelAsync();
        await Task.WhenAll(unanswered.Select(static question => Task.WhenAny(question)));
        Assert.Equal(waiting, unanswered.Count(static question => question.IsCanceled));
        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver)).Status);
    }

    private static async Task<IReadOnlyList<Task<T>>> FirstAsync<T>(IReadOnlyList<Task<T>> tasks, int count)
    {
        var first = new List<Task<T>>();
        while (first.Count < count)
            first.Add(await Task.WhenAny(tasks.Except(first)));
        return first;
    }
}
