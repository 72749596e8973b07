using System.Net;
using static Gateway.Dns.Tests.Serving.AliasZone;

namespace Gateway.Dns.Tests.Serving;

public class StubResolverAgainstServerTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("servfail")]
    [InlineData("refuse")]
    [InlineData("nxdomain")]
    [InlineData("truncate")]
    [InlineData("malformed")]
    [InlineData("lame")]
    [InlineData("delay 1ms lame")]
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

    [Theory]
    [InlineData("drop")]
    [InlineData("wrong-id")]
    [InlineData("delay 1ms wrong-id")]
    public async Task A_question_without_an_answer_of_its_own_times_out(string words)
    {
        await using var server = new AuthoritativeServer(new(IPAddress.Loopback, 0), Zones, Faults(words), TimeProvider.System);
        await server.StartAsync(CancellationToken.None);
        var stub = new StubResolver(
            new() { Servers = [server.EndPoint], Deadline = TimeSpan.FromMilliseconds(50), AttemptTimeout = TimeSpan.FromMilliseconds(20) },
            TimeProvider.System);

        Assert.Equal(DnsStatus.TimedOut, (await stub.ResolveAsync(new(Host, RecordType.A), CancellationToken.None)).Status);
    }

    [Theory]
    [InlineData("wrong-id")]
    [InlineData("drop")]
    public async Task When_the_fault_ends_the_question_that_is_under_way_gets_its_answer(string words)
    {
        var faults = Faults(words);
        await using var server = new AuthoritativeServer(new(IPAddress.Loopback, 0), Zones, faults, TimeProvider.System)
        {
            // The first query is spoiled, and no later one.
            Observer = (_, _, _, _) => faults.Clear(),
        };
        await server.StartAsync(CancellationToken.None);
        var stub = new StubResolver(
            new() { Servers = [server.EndPoint], Deadline = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromMilliseconds(20) },
            TimeProvider.System);

        Assert.Equal(DnsStatus.Found, (await stub.ResolveAsync(new(Host, RecordType.A), CancellationToken.None)).Status);
    }

    // RFC 2308 §2.2: who refers elsewhere has not said that there is no such record; who has the zone has.
    [Theory]
    [InlineData(null, "host.test", DnsStatus.NoData)]
    [InlineData("lame", "host.test", DnsStatus.Malformed)]
    [InlineData("lame", "alias.test", DnsStatus.Malformed)]
    public async Task A_lame_server_never_means_that_there_is_no_record(string? words, string name, DnsStatus expected)
    {
        await using var server = new AuthoritativeServer(new(IPAddress.Loopback, 0), Zones, Faults(words), TimeProvider.System);
        await server.StartAsync(CancellationToken.None);
        var stub = new StubResolver(new() { Servers = [server.EndPoint], Deadline = TimeSpan.FromSeconds(60) }, TimeProvider.System);

        var answer = await stub.ResolveAsync(new(DomainName.Parse(name), RecordType.Mx), CancellationToken.None);

        Assert.Equal((expected, expected > DnsStatus.NameError), (answer.Status, answer.IsTemporaryFailure));
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
