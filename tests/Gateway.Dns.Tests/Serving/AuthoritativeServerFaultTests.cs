using System.Net;

namespace Gateway.Dns.Tests.Serving;

public sealed class AuthoritativeServerFaultTests : RunningServer
{
    [Theory]
    [InlineData("servfail", ResponseCode.ServerFailure)]
    [InlineData("refuse", ResponseCode.Refused)]
    [InlineData("nxdomain", ResponseCode.NameError)]
    public async Task A_fault_is_the_answer_and_the_observer_sees_it(string words, ResponseCode expected)
    {
        Set(words);

        var reply = RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, RawClient.Encode(Query("host.test", RecordType.A))));

        Assert.Equal((expected, 0), (reply.ResponseCode, reply.Answers.Count));
        var seen = Assert.Single(Seen);
        Assert.Equal((new DnsQuestion(Host, RecordType.A), expected, words), (seen.Question, seen.Code, seen.Fault!.ToString()));
        Assert.Equal(IPAddress.Loopback, seen.Client.Address);
    }

    [Fact]
    public async Task Truncated_means_that_tcp_has_the_answer()
    {
        Set("truncate");
        var query = RawClient.Encode(Query("host.test", RecordType.A));

        Assert.True(RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, query)) is { IsTruncated: true, Answers.Count: 0 });
        Assert.True(RawClient.Decode(await RawClient.TcpAsync(Server.EndPoint, query)) is { IsTruncated: false, Answers.Count: 1 });
    }

    [Fact]
    public async Task A_malformed_answer_has_the_right_id_and_cannot_be_read()
    {
        Set("malformed");
        var query = RawClient.Encode(Query("host.test", RecordType.A) with { EdnsPayloadSize = 1232 });

        foreach (var ask in new[] { RawClient.UdpAsync, RawClient.TcpAsync })
        {
            var wire = await ask(Server.EndPoint, [query]);
            Assert.Equal(query[..2], wire[..2]);
            Assert.False(DnsMessageReader.TryRead(wire, out _, out _));
        }
    }

    [Fact]
    public async Task The_right_answer_under_another_id()
    {
        Set("wrong-id");
        var query = RawClient.Encode(Query("host.test", RecordType.A));

        foreach (var ask in new[] { RawClient.UdpAsync, RawClient.TcpAsync })
        {
            var reply = RawClient.Decode(await ask(Server.EndPoint, [query]));
            Assert.Equal(4711 ^ 0xFFFF, reply.Id);
            Assert.Equal((ResponseCode.NoError, 1), (reply.ResponseCode, reply.Answers.Count));
        }
    }

    [Fact]
    public async Task A_lame_server_knows_nothing_and_refers_to_the_root()
    {
        Set("lame");
        var query = RawClient.Encode(Query("alias.test", RecordType.A));

        foreach (var ask in new[] { RawClient.UdpAsync, RawClient.TcpAsync })
        {
            var reply = RawClient.Decode(await ask(Server.EndPoint, [query]));
            Assert.Equal((ResponseCode.NoError, false, false, 0), (reply.ResponseCode, reply.IsAuthoritative, reply.RecursionAvailable, reply.Answers.Count));
            Assert.NotEmpty(reply.Authorities);
            Assert.All(reply.Authorities, record => Assert.True(record is NsRecord { Owner.IsRoot: true }, record.ToString()));
        }
    }

    [Fact]
    public async Task A_dropped_question_is_not_answered_and_the_next_one_is()
    {
        Set("drop");
        byte[][] queries = [Ask("host.test", 1), Ask("few0.test", 2)];

        Assert.Equal(2, RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, queries)).Id);
        Assert.Equal(2, RawClient.Decode(await RawClient.TcpAsync(Server.EndPoint, queries)).Id);
        Assert.Equal(4, Seen.Count);
    }

    [Fact]
    public async Task A_delayed_answer_waits_and_holds_up_nobody()
    {
        Set("delay 3s");
        byte[][] queries = [Ask("host.test", 1), Ask("few0.test", 2)];

        Assert.Equal(2, RawClient.Decode(await RawClient.UdpAsync(Server.EndPoint, queries)).Id);
        Time.Advance(TimeSpan.FromSeconds(3));

        foreach (var ask in new[] { RawClient.UdpAsync, RawClient.TcpAsync })
        {
            var late = ask(Server.EndPoint, [queries[0]]);
            await Time.WhenWaitingForAsync(TimeSpan.FromSeconds(3));
            Assert.False(late.IsCompleted);
            Time.Advance(TimeSpan.FromSeconds(3));
            Assert.Single(RawClient.Decode(await late).Answers);
        }
    }

    [Fact]
    public async Task It_stops_while_clients_wait()
    {
        Set("delay 1h");
        var late = RawClient.Encode(Query("host.test", RecordType.A));
        using var silent = await RawClient.ConnectAsync(Server.EndPoint);
        using var waiting = await RawClient.ConnectAsync(Server.EndPoint);
        await waiting.GetStream().WriteAsync(RawClient.Frame(late));
        await RawClient.UdpAsync(Server.EndPoint, late, RawClient.Encode(Query("few0.test", RecordType.A)));

        await Server.DisposeAsync().AsTask().WaitAsync(RawClient.Patience());
    }

    private static byte[] Ask(string name, ushort id) => RawClient.Encode(Query(name, RecordType.A) with { Id = id });

    private void Set(string words)
    {
        Assert.True(Fault.TryParse(words, out var fault));
        Server.Faults.Set(Host, null, fault);
    }
}
