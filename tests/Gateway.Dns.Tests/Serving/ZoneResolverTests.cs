using System.Net;
using static Gateway.Dns.Tests.Serving.AliasZone;

namespace Gateway.Dns.Tests.Serving;

public class ZoneResolverTests
{
    [Theory]
    [InlineData("host.test", RecordType.A, DnsStatus.Found, 3600, 0)]
    [InlineData("alias.test", RecordType.A, DnsStatus.Found, 60, 1)]
    [InlineData("host.test", RecordType.Mx, DnsStatus.NoData, 300, 0)]
    [InlineData("alias.test", RecordType.Mx, DnsStatus.NoData, 60, 1)]
    [InlineData("missing.test", RecordType.A, DnsStatus.NameError, 300, 0)]
    [InlineData("gone.test", RecordType.A, DnsStatus.NameError, 60, 1)]
    [InlineData("host.example", RecordType.A, DnsStatus.Refused, 0, 0)]
    [InlineData("out.test", RecordType.A, DnsStatus.Refused, 0, 1)]
    [InlineData("one.test", RecordType.A, DnsStatus.Malformed, 0, 2)]
    [InlineData("x.sub.test", RecordType.A, DnsStatus.Malformed, 0, 0)]
    public async Task Zones_answer_as_a_stub_resolver_would(string name, RecordType type, DnsStatus status, int seconds, int aliases)
    {
        var answer = await Resolver(null).ResolveAsync(new(DomainName.Parse(name), type), CancellationToken.None);

        Assert.Equal((status, TimeSpan.FromSeconds(seconds), aliases), (answer.Status, answer.TimeToLive, answer.Aliases.Count));
        Assert.Equal(status == DnsStatus.Found, answer.Records.Count > 0);
        Assert.NotNull(answer.Detail);
    }

    [Theory]
    [InlineData("servfail", DnsStatus.ServerFailure)]
    [InlineData("refuse", DnsStatus.Refused)]
    [InlineData("drop", DnsStatus.TimedOut)]
    [InlineData("malformed", DnsStatus.Malformed)]
    [InlineData("wrong-id", DnsStatus.TimedOut)]
    [InlineData("lame", DnsStatus.Malformed)]
    [InlineData("truncate", DnsStatus.Found)]
    [InlineData("nxdomain", DnsStatus.NameError)]
    public async Task A_fault_strikes_the_name_and_its_aliases(string words, DnsStatus expected)
    {
        foreach (var name in new[] { "host.test", "alias.test" })
        {
            var answer = await Resolver(words).ResolveAsync(new(DomainName.Parse(name), RecordType.A), CancellationToken.None);

            Assert.Equal(expected, answer.Status);
            Assert.Equal(expected == DnsStatus.Found, answer.Records.Count > 0);
        }
    }

    [Fact]
    public async Task A_record_hidden_by_a_fault_keeps_the_time_of_a_negative_answer()
    {
        var answer = await Resolver("nxdomain").ResolveAsync(new(Host, RecordType.A), CancellationToken.None);

        Assert.Equal(TimeSpan.FromMinutes(5), answer.TimeToLive);
    }

    [Fact]
    public async Task A_delayed_answer_comes_when_its_time_is_there()
    {
        var time = new ManualTime();
        Assert.True(Fault.TryParse("delay 2s refuse", out var fault));
        var resolver = new ZoneResolver(Zones, new([new(Host, null, fault)]), time);

        var answer = resolver.ResolveAsync(new(Host, RecordType.A), CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(DnsStatus.Refused, (await answer).Status);
    }

    [Fact]
    public async Task Only_the_caller_ends_the_wait_before()
    {
        using var caller = new CancellationTokenSource();
        var resolver = new ZoneResolver(Zones, new([new(Host, null, new Fault.Delay(TimeSpan.FromHours(1)))]), new ManualTime());

        var answer = resolver.ResolveAsync(new(Host, RecordType.A), caller.Token).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task Zones_and_faults_may_change()
    {
        var resolver = Resolver(null);
        var question = new DnsQuestion(Host, RecordType.A);
        Assert.Equal(DnsStatus.Found, (await resolver.ResolveAsync(question, CancellationToken.None)).Status);

        resolver.Faults.Set(Host, null, new Fault.Drop());
        Assert.Equal(DnsStatus.TimedOut, (await resolver.ResolveAsync(question, CancellationToken.None)).Status);

        resolver.Faults.Clear();
        resolver.Zones = ZoneSet.Empty;
        Assert.Equal(DnsStatus.Refused, (await resolver.ResolveAsync(question, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task The_address_that_comes_back_is_the_one_in_the_file()
    {
        var answer = await Resolver(null).ResolveAsync(new(DomainName.Parse("ALIAS.test"), RecordType.A), CancellationToken.None);

        Assert.Equal(IPAddress.Parse("192.0.2.1"), Assert.IsType<AddressRecord>(Assert.Single(answer.Records)).Address);
        Assert.Equal(Host, answer.Aliases[0].Target);
    }

    private static ZoneResolver Resolver(string? words)
    {
        var faults = new FaultTable();
        if (words is not null)
        {
            Assert.True(Fault.TryParse(words, out var fault));
            faults.Set(Host, null, fault);
        }
        return new(Zones, faults, TimeProvider.System);
    }
}
