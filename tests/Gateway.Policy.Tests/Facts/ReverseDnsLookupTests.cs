using System.Net;
using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

public sealed class ReverseDnsLookupTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("pass", "192.0.2.1 PTR a.example;a.example A 192.0.2.1",
        "PTR of 192.0.2.1 names a.example, which leads back")]
    [InlineData("no PTR: the name does not exist", "",
        "192.0.2.1 has no PTR record: 1.2.0.192.in-addr.arpa does not exist")]
    [InlineData("no PTR: no data", "192.0.2.1 TXT x",
        "192.0.2.1 has no PTR record: 1.2.0.192.in-addr.arpa has none")]
    [InlineData("another address", "192.0.2.1 PTR a.example;a.example A 192.0.2.9",
        "PTR of 192.0.2.1 names a.example, whose A record is 192.0.2.9, not 192.0.2.1")]
    [InlineData("other addresses", "192.0.2.1 PTR a.example;a.example A 192.0.2.9;a.example A 192.0.2.8",
        "PTR of 192.0.2.1 names a.example, whose A records are 192.0.2.9 and 192.0.2.8, not 192.0.2.1")]
    [InlineData("name error forward", "192.0.2.1 PTR a.example",
        "PTR of 192.0.2.1 names a.example, which does not exist")]
    [InlineData("only AAAA forward", "192.0.2.1 PTR a.example;a.example AAAA 2001:db8::1",
        "PTR of 192.0.2.1 names a.example, which has no A record")]
    [InlineData("not a host name", "192.0.2.1 PTR localhost",
        "PTR of 192.0.2.1 names localhost, which is not a host name")]
    [InlineData("an address as name", "192.0.2.1 PTR 192.0.2.1.;192.0.2.1. A 192.0.2.1",
        "PTR of 192.0.2.1 names 192.0.2.1, which is not a host name")]
    [InlineData("the reverse tree", "192.0.2.1 PTR 1.2.0.192.in-addr.arpa",
        "PTR of 192.0.2.1 names 1.2.0.192.in-addr.arpa, which is the name of a reverse lookup itself")]
    [InlineData("PTR refused", "192.0.2.1 PTR !Refused",
        "could not look up the PTR record of 192.0.2.1: the name server refused to answer (REFUSED)")]
    [InlineData("forward failed", "192.0.2.1 PTR a.example;a.example A !ServerFailure",
        "PTR of 192.0.2.1 names a.example, whose A records could not be looked up: the name server failed (SERVFAIL)")]
    public async Task The_detail_says_why(string reason, string zone, string detail)
    {
        var client = await LookupAsync("192.0.2.1", new FakeResolver(Zone(zone)));

        Assert.True(client.Detail == detail, $"{reason}: {client.Detail}");
    }

    [Theory]
    [InlineData("one name leads back", "192.0.2.1 PTR a.example;a.example A 192.0.2.1", IprevStatus.Pass)]
    [InlineData("one of several leads back", "192.0.2.1 PTR a.example;192.0.2.1 PTR b.example;b.example A 192.0.2.1", IprevStatus.Pass)]
    [InlineData("pass beats temperror", "192.0.2.1 PTR a.example;192.0.2.1 PTR b.example;a.example A !ServerFailure;b.example A 192.0.2.1", IprevStatus.Pass)]
    [InlineData("temperror beats fail", "192.0.2.1 PTR a.example;192.0.2.1 PTR b.example;a.example A 192.0.2.9;b.example A !TimedOut", IprevStatus.TempError)]
    [InlineData("none leads back", "192.0.2.1 PTR a.example;192.0.2.1 PTR b.example;a.example A 192.0.2.9", IprevStatus.Fail)]
    [InlineData("no name is a host's", "192.0.2.1 PTR localhost;192.0.2.1 PTR 1.2.0.192.in-addr.arpa", IprevStatus.Fail)]
    [InlineData("name error", "", IprevStatus.PermError)]
    [InlineData("no data", "192.0.2.1 TXT x", IprevStatus.PermError)]
    [InlineData("server failure", "192.0.2.1 PTR !ServerFailure", IprevStatus.TempError)]
    [InlineData("refused", "192.0.2.1 PTR !Refused", IprevStatus.TempError)]
    [InlineData("timed out", "192.0.2.1 PTR !TimedOut", IprevStatus.TempError)]
    [InlineData("malformed", "192.0.2.1 PTR !Malformed", IprevStatus.TempError)]
    [InlineData("found, yet no record", "192.0.2.1 PTR !Found", IprevStatus.TempError)]
    public async Task The_result_is_that_of_RFC_8601(string reason, string zone, IprevStatus expected)
    {
        var client = await LookupAsync("192.0.2.1", new FakeResolver(Zone(zone)));

        Assert.True(client.Iprev == expected, $"{reason}: {client.Iprev}");
        Assert.Equal(expected == IprevStatus.Pass, client.ConfirmedName is not null);
    }

    [Fact]
    public async Task An_IPv6_client_is_confirmed_by_AAAA_only()
    {
        var resolver = new FakeResolver("2001:db8::1 PTR a.example", "a.example AAAA 2001:db8::1", "a.example A 192.0.2.1");

        var client = await LookupAsync("2001:db8::1", resolver);

        Assert.Equal(IprevStatus.Pass, client.Iprev);
        Assert.DoesNotContain(resolver.Asked, question => question.Type == RecordType.A);
    }

    [Fact]
    public async Task A_mapped_address_is_the_IPv4_address_that_it_maps()
    {
        var client = await LookupAsync("::ffff:192.0.2.1", new FakeResolver("192.0.2.1 PTR a.example", "a.example A 192.0.2.1"));

        Assert.Equal(IPAddress.Parse("192.0.2.1"), client.Address);
        Assert.Equal(IprevStatus.Pass, client.Iprev);
    }

    [Fact]
    public async Task The_first_of_the_names_that_lead_back_is_the_confirmed_one_and_ends_the_lookup()
    {
        var resolver = new FakeResolver(
            "192.0.2.1 PTR wrong.example", "192.0.2.1 PTR a.example", "192.0.2.1 PTR b.example",
            "wrong.example A 192.0.2.9", "a.example A 192.0.2.1", "b.example A 192.0.2.1");

        var client = await LookupAsync("192.0.2.1", resolver);

        Assert.Equal(DomainName.Parse("a.example"), client.ConfirmedName);
        Assert.Equal(["wrong.example", "a.example", "b.example"], client.Names.Select(name => name.Name.ToString()));
        Assert.Equal(3, resolver.Asked.Count);
        Assert.Equal(3, client.Trail.Count);
    }

    [Fact]
    public async Task Names_over_the_limit_are_listed_and_not_asked()
    {
        var resolver = new FakeResolver(Enumerable.Range(0, 30).Select(n => $"192.0.2.1 PTR host{n}.example")
            .Prepend("192.0.2.1 PTR localhost").Append("host20.example A 192.0.2.1"));

        var client = await LookupAsync("192.0.2.1", resolver);

        Assert.Equal(11, resolver.Asked.Count);
        Assert.Equal(31, client.Names.Count);
        Assert.Equal(IprevStatus.Fail, client.Iprev);
        Assert.EndsWith("and 28 more", client.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_queries_is_a_limit_of_its_own()
    {
        var resolver = new FakeResolver(Enumerable.Range(0, 30).Select(n => $"192.0.2.1 PTR host{n}.example"));
        var options = new ReverseDnsOptions { MaxNames = 30, MaxQueries = 5 };

        await new ReverseDnsLookup(resolver, options, _time).LookupAsync(IPAddress.Parse("192.0.2.1"), CancellationToken.None);

        Assert.Equal(5, resolver.Asked.Count);
    }

    [Fact]
    public async Task Names_are_asked_side_by_side_and_a_pass_waits_for_no_slower_one()
    {
        var resolver = new FakeResolver("192.0.2.1 PTR slow.example", "192.0.2.1 PTR fast.example", "fast.example A 192.0.2.1");
        resolver.Hold("slow.example", "A");
        var fast = resolver.Hold("fast.example", "A");

        var lookup = LookupAsync("192.0.2.1", resolver);
        Assert.Equal(3, resolver.Asked.Count);
        Assert.False(lookup.IsCompleted);
        fast.SetResult();
        var client = await lookup;

        Assert.Equal(DomainName.Parse("fast.example"), client.ConfirmedName);
        Assert.Null(client.Names[0].Forward);
    }

    [Fact]
    public async Task A_PTR_lookup_that_outlasts_the_deadline_is_temporary()
    {
        var resolver = new FakeResolver("192.0.2.1 PTR a.example", "a.example A 192.0.2.1");
        resolver.Hold("192.0.2.1", "PTR");

        var lookup = LookupAsync("192.0.2.1", resolver);
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.False(lookup.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        var client = await lookup;

        Assert.Equal(IprevStatus.TempError, client.Iprev);
        Assert.Equal("could not look up the PTR record of 192.0.2.1: no answer within 8 s", client.Detail);
        Assert.Equal(DnsStatus.TimedOut, Assert.Single(client.Trail).Answer.Status);
    }

    [Fact]
    public async Task The_deadline_is_one_for_both_halves_of_the_lookup()
    {
        var resolver = new FakeResolver("192.0.2.1 PTR a.example", "192.0.2.1 PTR b.example", "a.example A 192.0.2.9");
        var ptr = resolver.Hold("192.0.2.1", "PTR");
        resolver.Hold("b.example", "A");

        var lookup = LookupAsync("192.0.2.1", resolver);
        _time.Advance(TimeSpan.FromSeconds(5));
        ptr.SetResult();
        while (resolver.Asked.Count < 3)
            await Task.Yield();
        _time.Advance(TimeSpan.FromSeconds(3));
        var client = await lookup;

        Assert.Equal(IprevStatus.TempError, client.Iprev);
        Assert.Equal(TimeSpan.FromSeconds(8), client.Elapsed);
        Assert.Equal(DnsStatus.Found, client.Names[0].Forward!.Status);
        Assert.Contains("no answer within 8 s", client.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_from_a_cache_complete_at_once_and_wind_up_no_timer()
    {
        var lookup = LookupAsync("192.0.2.1", new FakeResolver("192.0.2.1 PTR a.example", "192.0.2.1 PTR b.example", "b.example A 192.0.2.1"));

        Assert.True(lookup.IsCompletedSuccessfully);
        Assert.Equal(0, _time.TimersMade);
    }

    [Fact]
    public async Task A_resolver_that_breaks_its_promise_is_a_temporary_failure()
    {
        foreach (var error in new Exception[] { new InvalidOperationException(), new OperationCanceledException(), new TimeoutException() })
        {
            var client = await LookupAsync("192.0.2.1", new FakeResolver { Breaks = error });

            Assert.Equal(IprevStatus.TempError, client.Iprev);
        }
    }

    [Fact]
    public async Task A_caller_who_no_longer_wants_the_answer_gets_none()
    {
        using var gone = new CancellationTokenSource();
        var resolver = new FakeResolver("192.0.2.1 PTR a.example");
        resolver.Hold("192.0.2.1", "PTR");
        var lookup = new ReverseDnsLookup(resolver, new(), _time).LookupAsync(IPAddress.Parse("192.0.2.1"), gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup);
    }

    private Task<ClientFacts> LookupAsync(string address, IDnsResolver resolver) =>
        new ReverseDnsLookup(resolver, new(), _time).LookupAsync(IPAddress.Parse(address), CancellationToken.None);

    private static string[] Zone(string zone) => zone.Split(';', StringSplitOptions.RemoveEmptyEntries);
}
