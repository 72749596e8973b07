using static Gateway.Dns.Tests.PointerQuestion;

namespace Gateway.Dns.Tests;

public sealed class ForgedAnswerTests
{
    private static async Task<DnsAnswer> AskAsync(ScriptedServer server) =>
        await new StubResolver(new() { Servers = [server.EndPoint], AttemptTimeout = Ample, Deadline = Ample }, TimeProvider.System)
            .ResolveAsync(Question, CancellationToken.None);

    public static TheoryData<string, string> Forgeries => new()
    {
        { "id", "another id" },
        { "name", "another name" },
        { "type", "another type" },
        { "class", "another class" },
        { "query", "no response" },
        { "opcode", "another operation" },
        { "bare", "no question, though it speaks of the name" },
        { "short", "no message at all" },
    };

    [Theory, MemberData(nameof(Forgeries))]
    public async Task An_answer_to_something_else_is_ignored_and_the_wait_goes_on(string kind, string reason)
    {
        var forged = new PtrRecord(Reverse, TimeSpan.FromDays(1), DomainName.Parse("forged.example"));
        await using var server = new ScriptedServer((query, _) =>
        {
            var reply = ScriptedServer.Reply(query, forged);
            var wire = ScriptedServer.Write(kind switch
            {
                "id" => reply with { Id = (ushort)(query.Id + 1) },
                "name" => reply with { Question = new(DomainName.Parse("25.2.0.193.in-addr.arpa"), RecordType.Ptr) },
                "type" => reply with { Question = new(Reverse, RecordType.A) },
                "class" => reply with { QuestionClass = 3 },
                "query" => reply with { IsResponse = false },
                "opcode" => reply with { OpCode = 5 },
                "bare" => reply with { Question = null },
                _ => reply,
            });
            return new(kind == "short" ? wire[..11] : wire, ScriptedServer.Write(ScriptedServer.Reply(query, Pointer)));
        });

        var answer = await AskAsync(server);

        Assert.True(answer.Status == DnsStatus.Found && answer.Records.Single() == Pointer, $"{reason}: {answer}");
        Assert.Equal(1, server.Queries);
    }

    [Fact]
    public async Task Whoever_guesses_for_long_loses_the_socket_and_gets_another_to_guess()
    {
        await using var server = new ScriptedServer((query, _) =>
            new([.. Enumerable.Range(1, 100).Select(i => ScriptedServer.Write(ScriptedServer.Reply(query, Pointer) with { Id = (ushort)(query.Id + i) }))]));

        var answer = await AskAsync(server);

        Assert.Equal(DnsStatus.Malformed, answer.Status);
        Assert.Contains("other questions", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_in_another_case_is_the_same_question()
    {
        await using var server = new ScriptedServer(query =>
            ScriptedServer.Reply(query, Pointer) with { Question = new(DomainName.Parse("25.2.0.192.IN-ADDR.ARPA"), RecordType.Ptr) });

        Assert.Equal(DnsStatus.Found, (await AskAsync(server)).Status);
    }
}
