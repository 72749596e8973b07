using System.Net;

namespace Gateway.Dns.Tests.Serving;

public sealed class AuthoritativeServerTests : RunningServer
{
    [Theory]
    [InlineData("host.test", RecordType.A, ResponseCode.NoError, true, 1, 0, 0)]
    [InlineData("alias.test", RecordType.A, ResponseCode.NoError, true, 2, 0, 0)]
    [InlineData("out.test", RecordType.A, ResponseCode.NoError, true, 1, 0, 0)]
    [InlineData("host.test", RecordType.Mx, ResponseCode.NoError, true, 0, 1, 0)]
    [InlineData("missing.test", RecordType.A, ResponseCode.NameError, true, 0, 1, 0)]
    [InlineData("x.sub.test", RecordType.A, ResponseCode.NoError, false, 0, 1, 1)]
    [InlineData("host.example", RecordType.A, ResponseCode.Refused, false, 0, 0, 0)]
    [InlineData("test", (RecordType)252, ResponseCode.Refused, false, 0, 0, 0)]
    public async Task Both_transports_give_the_same_answer(
        string name, RecordType type, ResponseCode code, bool isAuthoritative, int answers, int authorities, int additionals)
    {
        var query = RawClient.Encode(Query(name, type) with { RecursionDesired = true });
        foreach (var wire in new[] { await RawClient.UdpAsync(Server.EndPoint, query), await RawClient.TcpAsync(Server.EndPoint, query) })
        {
            var reply = RawClient.Decode(wire);

            Assert.True(reply is { Id: 4711, IsResponse: true, RecursionDesired: true, RecursionAvailable: false, IsTruncated: false });
            Assert.Equal((code, isAuthoritative), (reply.ResponseCode, reply.IsAuthoritative));
            Assert.Equal((answers, authorities, additionals), (reply.Answers.Count, reply.Authorities.Count, reply.Additionals.Count));
            Assert.Null(reply.EdnsPayloadSize);
        }
    }

    [Theory]
    [InlineData(null, "many.test", true)]
    [InlineData(100, "many.test", true)]
    [InlineData(1232, "many.test", false)]
    [InlineData(65535, "many.test", false)]
    [InlineData(null, "few0.test", false)]
    public async Task A_datagram_is_as_long_as_the_client_can_take(int? size, string name, bool isTruncated)
    {
        var query = RawClient.Encode(Query(name, RecordType.A) with { EdnsPayloadSize = (ushort?)size });

        var wire = await RawClient.UdpAsync(Server.EndPoint, query);

        var reply = RawClient.Decode(wire);
        Assert.Equal(isTruncated, reply.IsTruncated);
        Assert.InRange(wire.Length, 12, Math.Clamp(size ?? 512, 512, 1232));
        Assert.Equal(size is not null, reply.EdnsPayloadSize is not null);
        Assert.False(RawClient.Decode(await RawClient.TcpAsync(Server.EndPoint, query)).IsTruncated);
    }

    [Fact]
    public async Task An_edns_version_from_the_future_is_refused_as_such()
    {
        var query = RawClient.Encode(Query("host.test", RecordType.A) with { EdnsPayloadSize = 1232, EdnsVersion = 1 });

        var reply = RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, query));

        Assert.Equal((ResponseCode.BadVersion, 0), (reply.ResponseCode, reply.EdnsVersion));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(15)]
    public async Task Only_queries_are_implemented(byte opCode)
    {
        var query = RawClient.Encode(Query("host.test", RecordType.A) with { OpCode = opCode });

        var reply = RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, query));

        Assert.Equal((4711, opCode, ResponseCode.NotImplemented), (reply.Id, reply.OpCode, reply.ResponseCode));
    }

    [Fact]
    public async Task A_broken_query_is_a_format_error()
    {
        var query = RawClient.Encode(Query("host.test", RecordType.A));
        byte[] twoQuestions = [.. query[..5], 2, .. query[6..], .. query[12..]];
        foreach (var broken in new[] { query[..^1], query[..12], twoQuestions })
        {
            var reply = RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, broken));

            Assert.Equal((4711, ResponseCode.FormatError, null), (reply.Id, reply.ResponseCode, reply.Question));
        }
    }

    [Fact]
    public async Task Another_class_is_refused()
    {
        var reply = RawClient.Decode(await RawClient.UdpAsync(
            Server.EndPoint, RawClient.Encode(Query("host.test", RecordType.A) with { QuestionClass = 3 })));

        Assert.Equal((ResponseCode.Refused, (ushort)3), (reply.ResponseCode, reply.QuestionClass));
    }

    [Fact]
    public async Task Responses_and_scraps_are_never_answered()
    {
        var last = Query("host.test", RecordType.A) with { Id = 2 };
        byte[][] queries = [RawClient.Encode(last with { Id = 1, IsResponse = true }), [0, 1], [], RawClient.Encode(last)];

        // One client and one loop: had one of them been answered, that answer would come first.
        Assert.Equal(2, RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, queries)).Id);
        Assert.Equal(2, RawClient.Decode(await RawClient.TcpAsync(Server.EndPoint, queries)).Id);
    }

    [Fact]
    public async Task A_connection_carries_many_questions_and_ends_when_it_is_silent()
    {
        using var client = await RawClient.ConnectAsync(Server.EndPoint);
        var query = RawClient.Frame(RawClient.Encode(Query("host.test", RecordType.A)));
        await client.GetStream().WriteAsync(query.Concat(query).Concat(query[..7]).ToArray());
        Assert.Single(RawClient.Decode(await RawClient.ReceiveAsync(client)).Answers);
        Assert.Single(RawClient.Decode(await RawClient.ReceiveAsync(client)).Answers);

        // The answers may arrive before the server waits for the third question: then it is an earlier wait that ends first.
        var end = client.GetStream().ReadAsync(new byte[1], RawClient.Patience()).AsTask();
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, Time.WhenWaitingForAsync(Server.IdleLimit));
            Time.Advance(Server.IdleLimit);
        }

        Assert.Equal(0, await end);
    }

    [Fact]
    public async Task Zones_may_change_while_it_runs()
    {
        Server.Zones = ZoneSet.Empty;

        var reply = RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, RawClient.Encode(Query("host.test", RecordType.A))));

        Assert.Equal(ResponseCode.Refused, reply.ResponseCode);
    }

    [Fact]
    public async Task An_observer_that_throws_costs_only_its_own_question()
    {
        await using var server = new AuthoritativeServer(new(IPAddress.IPv6Loopback, 0), Zones, new(), Time)
        {
            Observer = (question, _, _, _) => _ = question.Name == Host ? throw new InvalidOperationException() : 0,
        };
        await server.StartAsync(CancellationToken.None);

        var failed = RawClient.Decode(await RawClient.UdpAsync(server.EndPoint, RawClient.Encode(Query("host.test", RecordType.A))));
        var next = RawClient.Decode(await RawClient.UdpAsync(server.EndPoint, RawClient.Encode(Query("few0.test", RecordType.A))));

        Assert.Equal((ResponseCode.ServerFailure, ResponseCode.NoError), (failed.ResponseCode, next.ResponseCode));
    }
}
