using System.Net;
using System.Net.Sockets;
using static Gateway.Dns.Tests.PointerQuestion;

namespace Gateway.Dns.Tests;

public sealed class StubResolverTests
{
    private static StubResolver Resolver(params ScriptedServer[] servers) => Resolver(Ample, Ample, servers);

    private static StubResolver Resolver(TimeSpan attempt, TimeSpan deadline, params ScriptedServer[] servers) =>
        new(new() { Servers = [.. servers.Select(static server => server.EndPoint)], AttemptTimeout = attempt, Deadline = deadline }, TimeProvider.System);

    [Fact]
    public async Task An_answer_is_found_and_names_its_server()
    {
        await using var server = new ScriptedServer(query => ScriptedServer.Reply(query, Pointer) with { IsAuthenticated = true });

        var answer = await AskAsync(Resolver(server));

        Assert.Equal(DnsStatus.Found, answer.Status);
        Assert.Equal(Pointer, Assert.Single(answer.Records));
        Assert.Equal(TimeSpan.FromSeconds(300), answer.TimeToLive);
        Assert.True(answer.IsAuthenticated);
        Assert.Contains(server.EndPoint.ToString(), answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_query_asks_for_recursion_and_has_room_that_never_fragments()
    {
        DnsMessage? seen = null;
        await using var server = new ScriptedServer(query => ScriptedServer.Reply(seen = query, Pointer));

        await AskAsync(Resolver(server));

        Assert.True(seen!.RecursionDesired);
        Assert.Equal((ushort?)1232, seen.EdnsPayloadSize);
        Assert.Equal(Question, seen.Question);
    }

    public static TheoryData<ResponseCode, DnsStatus> Codes => new()
    {
        { ResponseCode.ServerFailure, DnsStatus.ServerFailure },
        { ResponseCode.Refused, DnsStatus.Refused },
        { ResponseCode.FormatError, DnsStatus.ServerFailure },
        { ResponseCode.NotImplemented, DnsStatus.ServerFailure },
        { (ResponseCode)9, DnsStatus.ServerFailure },
        { (ResponseCode)23, DnsStatus.ServerFailure },
    };

    [Theory, MemberData(nameof(Codes))]
    public async Task A_failure_of_one_server_is_asked_of_the_next(ResponseCode code, DnsStatus alone)
    {
        await using var failing = new ScriptedServer(query => ScriptedServer.Reply(query) with { ResponseCode = code, EdnsPayloadSize = query.EdnsPayloadSize });
        await using var healthy = new ScriptedServer(query => ScriptedServer.Reply(query, Pointer));

        Assert.Equal(alone, (await AskAsync(Resolver(failing))).Status);
        Assert.Equal(DnsStatus.Found, (await AskAsync(Resolver(failing, healthy))).Status);
    }

    [Fact]
    public async Task Of_several_failures_the_one_that_says_most_is_reported_and_all_are_named()
    {
        await using var refusing = new ScriptedServer(query => ScriptedServer.Reply(query) with { ResponseCode = ResponseCode.Refused });
        await using var failing = new ScriptedServer(query => ScriptedServer.Reply(query) with
        {
            ResponseCode = ResponseCode.ServerFailure,
            EdnsPayloadSize = 1232,
            ExtendedErrors = [new(6, "sig\r\nexpired")],
        });

        var answer = await AskAsync(Resolver(refusing, failing));

        Assert.Equal(DnsStatus.ServerFailure, answer.Status);
        Assert.Equal(
            $"{refusing.EndPoint} says REFUSED for {Reverse}; {failing.EndPoint} says SERVFAIL (DNSSEC bogus: sig??expired) for {Reverse}", answer.Detail);
    }

    [Fact]
    public async Task A_malformed_answer_is_asked_of_the_next_server()
    {
        await using var broken = new ScriptedServer((query, _) => new(ScriptedServer.Write(ScriptedServer.Reply(query, Pointer))[..^1]));
        await using var healthy = new ScriptedServer(query => ScriptedServer.Reply(query, Pointer));

        Assert.Equal(DnsStatus.Malformed, (await AskAsync(Resolver(broken))).Status);
        Assert.Equal(DnsStatus.Found, (await AskAsync(Resolver(broken, healthy))).Status);
    }

    [Fact]
    public async Task A_dead_port_costs_no_wait()
    {
        IPEndPoint dead;
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            dead = (IPEndPoint)socket.LocalEndPoint!;
        }
        await using var healthy = new ScriptedServer(query => ScriptedServer.Reply(query, Pointer));
        var resolver = new StubResolver(new() { Servers = [dead, healthy.EndPoint], AttemptTimeout = Ample, Deadline = Ample }, TimeProvider.System);

        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver)).Status);
    }

    [Fact]
    public async Task A_silent_server_is_left_for_the_next_then_asked_last_and_later_tried_again()
    {
        var time = new ManualTime();
        await using var silent = new ScriptedServer((_, _) =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return Script.Silence;
        });
        await using var healthy = new ScriptedServer(query => ScriptedServer.Reply(query, Pointer));
        var resolver = new StubResolver(new() { Servers = [silent.EndPoint, healthy.EndPoint] }, time);

        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver)).Status);
        Assert.Equal(1, silent.Queries);
        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver)).Status);
        Assert.Equal(1, silent.Queries);

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver)).Status);
        Assert.Equal(2, silent.Queries);
    }

    [Fact]
    public async Task When_all_are_silent_they_are_asked_again_until_the_deadline()
    {
        await using var silent = new ScriptedServer((_, _) => Script.Silence);

        var answer = await AskAsync(Resolver(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(500), silent));

        Assert.Equal(DnsStatus.TimedOut, answer.Status);
        Assert.True(answer.IsTemporaryFailure);
        Assert.Contains($"{silent.EndPoint} did not answer within", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_lost_one_datagram_answers_the_next()
    {
        var count = 0;
        await using var server = new ScriptedServer((query, _) =>
            Interlocked.Increment(ref count) == 1 ? Script.Silence : new(ScriptedServer.Write(ScriptedServer.Reply(query, Pointer))));

        Assert.Equal(DnsStatus.Found, (await AskAsync(Resolver(TimeSpan.FromMilliseconds(100), Ample, server))).Status);
    }

    [Theory]
    [InlineData(ResponseCode.FormatError, true)]
    [InlineData(ResponseCode.NotImplemented, false)]
    [InlineData(ResponseCode.BadVersion, false)]
    public async Task A_server_from_before_edns_is_asked_in_its_own_language_and_remembered(ResponseCode code, bool dropsQuestion)
    {
        await using var server = new ScriptedServer(query => query.EdnsPayloadSize is null
            ? ScriptedServer.Reply(query, Pointer)
            : ScriptedServer.Reply(query) with
            {
                ResponseCode = code,
                Question = dropsQuestion ? null : query.Question,
                EdnsPayloadSize = code == ResponseCode.BadVersion ? 512 : null,
            });
        var resolver = Resolver(server);

        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver)).Status);
        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver)).Status);

        Assert.Equal(3, server.Queries);
    }

    [Fact]
    public async Task Cancellation_by_the_caller_is_the_only_exception()
    {
        using var asked = new CancellationTokenSource();
        await using var server = new ScriptedServer((_, _) =>
        {
            asked.Cancel();
            return Script.Silence;
        });

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Resolver(server).ResolveAsync(Question, asked.Token));

        Assert.Equal(asked.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Without_a_server_the_answer_is_a_temporary_failure() =>
        Assert.Equal(DnsStatus.TimedOut, (await AskAsync(Resolver())).Status);

    [Fact]
    public async Task What_a_socket_throws_is_a_value()
    {
        var nowhere = new StubResolver(
            new() { Servers = [new(IPAddress.Loopback, 0)], AttemptTimeout = Ample, Deadline = Ample }, TimeProvider.System);

        var answer = await AskAsync(nowhere);

        Assert.True(answer.IsTemporaryFailure);
    }
}
