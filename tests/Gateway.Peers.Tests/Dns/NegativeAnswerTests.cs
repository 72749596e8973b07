using DnsClient;

namespace Gateway.Peers.Tests.Dns;

/// <summary>Answers without the record that was asked for, and answers that are spoiled on purpose.</summary>
public sealed class NegativeAnswerTests
{
    [Theory]
    [InlineData("missing.peer.test", QueryType.A, DnsHeaderResponseCode.NotExistentDomain, "a name that does not exist")]
    [InlineData("a.missing.peer.test", QueryType.PTR, DnsHeaderResponseCode.NotExistentDomain, "nor a name below it")]
    [InlineData("mx1.peer.test", QueryType.MX, DnsHeaderResponseCode.NoError, "a name without records of the type")]
    [InlineData("wild.peer.test", QueryType.A, DnsHeaderResponseCode.NoError, "a name that exists only because of a name below it")]
    [InlineData("99.2.0.192.in-addr.arpa", QueryType.PTR, DnsHeaderResponseCode.NotExistentDomain, "an address without PTR record")]
    public async Task NXDOMAIN_and_NODATA_are_told_apart_and_carry_the_SOA_record_for_negative_caching(
        string name, QueryType type, DnsHeaderResponseCode code, string reason)
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward, Zones.Reverse);

        var response = await zones.AskAsync(name, type);

        Assert.True(response.Header is { HasAuthorityAnswer: true, ResultTruncated: false }, reason);
        Assert.Equal(code, response.Header.ResponseCode);
        Assert.Empty(response.Answers);
        // RFC 2308 §3: the record lives no longer than its MINIMUM, which is 300 seconds in these zones.
        var authority = Assert.Single(response.Authorities.SoaRecords());
        Assert.Equal((300, 300u), (authority.InitialTimeToLive, authority.Minimum));
    }

    [Fact]
    public async Task A_delegation_is_a_referral_with_the_address_of_the_other_server()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        var response = await zones.AskAsync("host.sub.peer.test", QueryType.A);

        Assert.True(response.Header is { HasAuthorityAnswer: false, ResponseCode: DnsHeaderResponseCode.NoError });
        Assert.Empty(response.Answers);
        Assert.Equal("sub.peer.test. 3600 IN NS ns.sub.peer.test.", Assert.Single(response.Authorities.NsRecords().Lines()));
        Assert.Equal("ns.sub.peer.test. 3600 IN A 192.0.2.53", Assert.Single(response.Additionals.ARecords().Lines()));
    }

    [Fact]
    public async Task A_zone_that_is_not_served_is_refused()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        Assert.Equal(DnsHeaderResponseCode.Refused, (await zones.AskAsync("peer.example", QueryType.A)).Header.ResponseCode);
    }

    [Theory]
    [InlineData("mx1.peer.test servfail", DnsHeaderResponseCode.ServerFailure, 0)]
    [InlineData("mx1.peer.test refuse", DnsHeaderResponseCode.Refused, 0)]
    [InlineData("mx1.peer.test nxdomain", DnsHeaderResponseCode.NotExistentDomain, 0)]
    [InlineData("mx1.peer.test lame", DnsHeaderResponseCode.NoError, 0)]
    [InlineData("mx1.peer.test AAAA servfail", DnsHeaderResponseCode.NoError, 1)]
    [InlineData("*.peer.test servfail", DnsHeaderResponseCode.ServerFailure, 0)]
    [InlineData("mx1.peer.test delay 1ms", DnsHeaderResponseCode.NoError, 1)]
    public async Task A_fault_gives_DnsClient_the_response_code_that_it_is_named_after(string fault, DnsHeaderResponseCode code, int answers)
    {
        await using var zones = (await ServedZones.StartAsync(Zones.Forward)).With(fault);

        var response = await zones.AskAsync("mx1.peer.test", QueryType.A);

        Assert.Equal((code, answers), (response.Header.ResponseCode, response.Answers.Count));
    }

    [Theory]
    [InlineData("mx1.peer.test malformed", "DnsResponseParseException")]
    [InlineData("mx1.peer.test wrong-id", "DnsXidMismatchException")]
    public async Task DnsClient_believes_no_answer_that_is_malformed_or_carries_another_id(string fault, string expected)
    {
        await using var zones = (await ServedZones.StartAsync(Zones.Forward)).With(fault);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => zones.AskAsync("mx1.peer.test", QueryType.A));

        Assert.Equal(expected, failure.GetType().Name);
        Assert.Single((await zones.With("mx1.peer.test none").AskAsync("mx1.peer.test", QueryType.A)).Answers);
    }

    [Fact]
    public async Task A_dropped_question_runs_into_the_timeout_of_DnsClient()
    {
        await using var zones = (await ServedZones.StartAsync(Zones.Forward)).With("mx1.peer.test drop");

        var failure = await Assert.ThrowsAsync<DnsResponseException>(() =>
            zones.AskAsync("mx1.peer.test", QueryType.A, static options => options.Timeout = TimeSpan.FromMilliseconds(100)));

        Assert.Equal(DnsResponseCode.ConnectionTimeout, failure.Code);
    }
}
