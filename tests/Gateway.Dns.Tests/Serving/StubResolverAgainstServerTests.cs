using System.Net;

namespace Gateway.Dns.Tests.Serving;

public class StubResolverAgainstServerTests
{
    private static readonly DomainName Host = DomainName.Parse("host.test");

    private static readonly ZoneSet Zones = new([MasterFile.Read("""
        $ORIGIN test.
        $TTL 1h
        @      SOA ns h 1 1 1 1 5m
        host   A 192.0.2.1
        alias  60 CNAME host
        out    CNAME host.example.
        one    CNAME two
        two    CNAME one
        sub    NS ns.sub
        gone   60 CNAME missing
        down   CNAME x.sub
        """).Zone!]);

    [Theory]
    [InlineData(null)]
    [InlineData("servfail")]
    [InlineData("refuse")]
    [InlineData("nxdomain")]
    [InlineData("truncate")]
    [InlineData("malformed")]
    [InlineData("delay 1ms")]
    [InlineData("delay 1ms servfail")]
    public async Task Over_sockets_and_without_them_the_answer_is_the_same(string? words)
    {
        var faults = Faults(words);
        await using var server = new AuthoritativeServer(new(IPAddress.Loopback, 0), Zones, faults, TimeProvider.System);
        await server.StartAsync(CancellationToken.None);
        var stub = new StubResolver(
            new() { Servers = [server.EndPoint], Deadline = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromSeconds(30) },
            TimeProvider.System);
        var direct = new ZoneResolver(Zones, faults, TimeProvider.System);

        foreach (var name in new[] { "host", "alias", "out", "one", "x.sub", "gone", "down", "missing" })
            foreach (var type in new[] { RecordType.A, RecordType.Mx })
            {
                var question = new DnsQuestion(DomainName.Parse($"{name}.test"), type);
                var expected = await direct.ResolveAsync(question, CancellationToken.None);
                var actual = await stub.ResolveAsync(question, CancellationToken.None);

                Assert.Equal((question, expected.Status, expected.TimeToLive), (question, actual.Status, actual.TimeToLive));
                Assert.Equal(expected.Records, actual.Records);
                if (!expected.IsTemporaryFailure)
                    Assert.Equal(expected.Aliases, actual.Aliases);
            }
    }

    [Fact]
    public async Task A_dropped_question_times_out()
    {
        await using var server = new AuthoritativeServer(new(IPAddress.Loopback, 0), Zones, Faults("drop"), TimeProvider.System);
        await server.StartAsync(CancellationToken.None);
        var stub = new StubResolver(
            new() { Servers = [server.EndPoint], Deadline = TimeSpan.FromMilliseconds(50), AttemptTimeout = TimeSpan.FromMilliseconds(20) },
            TimeProvider.System);

        Assert.Equal(DnsStatus.TimedOut, (await stub.ResolveAsync(new(Host, RecordType.A), CancellationToken.None)).Status);
    }

    private static FaultTable Faults(string? words)
    {
        var faults = new FaultTable();
        if (words is not null)
        {
            Assert.True(Fault.TryParse(words, out var fault));
            faults.Set(Host, null, fault);
        }
        return faults;
    }
}
