using static Gateway.Dns.Tests.PointerQuestion;

namespace Gateway.Dns.Tests;

public sealed class TcpAnswerTests
{
    private static async Task<DnsAnswer> AskAsync(ScriptedServer server, TimeSpan deadline) =>
        await new StubResolver(new() { Servers = [server.EndPoint], AttemptTimeout = Ample, Deadline = deadline }, TimeProvider.System)
            .ResolveAsync(Question, CancellationToken.None);

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_by_tcp()
    {
        var many = Enumerable.Range(0, 500).Select(i => Pointer with { Target = DomainName.Parse($"host-{i}.example.com") }).ToArray<ResourceRecord>();
        await using var server = new ScriptedServer((query, isTcp) =>
            new(ScriptedServer.Write(isTcp ? ScriptedServer.Reply(query, many) : ScriptedServer.Reply(query) with { IsTruncated = true })));

        var answer = await AskAsync(server, Ample);

        Assert.Equal(500, answer.Records.Count);
        Assert.Equal(2, server.Queries);
    }

    [Fact]
    public async Task A_tcp_answer_that_drips_cannot_hold_the_question_past_its_deadline()
    {
        await using var server = new ScriptedServer((query, isTcp) => isTcp
            ? new(ScriptedServer.Write(ScriptedServer.Reply(query, new OpaqueRecord(Reverse, (RecordType)99, TimeSpan.Zero, new byte[60000])))) { Drips = true }
            : new(ScriptedServer.Write(ScriptedServer.Reply(query) with { IsTruncated = true })));

        var answer = await AskAsync(server, TimeSpan.FromMilliseconds(300));

        Assert.True(answer.IsTemporaryFailure, answer.ToString());
    }

    public static TheoryData<string, DnsStatus, string> TcpFaults => new()
    {
        { "closes", DnsStatus.Malformed, "the connection ends within the answer" },
        { "other", DnsStatus.Malformed, "an answer to another question" },
        { "cut", DnsStatus.Malformed, "truncated again" },
    };

    [Theory, MemberData(nameof(TcpFaults))]
    public async Task A_broken_tcp_answer_is_a_temporary_failure(string kind, DnsStatus expected, string reason)
    {
        await using var server = new ScriptedServer((query, isTcp) =>
        {
            var reply = ScriptedServer.Reply(query, Pointer);
            return !isTcp || kind == "cut" ? new(ScriptedServer.Write(reply with { IsTruncated = true }))
                : kind == "other" ? new(ScriptedServer.Write(reply with { Id = (ushort)(query.Id + 1) }))
                : new(ScriptedServer.Write(reply)) { Closes = true };
        });

        var answer = await AskAsync(server, Ample);

        Assert.True(answer.Status == expected && answer.IsTemporaryFailure, $"{reason}: {answer}");
    }
}
