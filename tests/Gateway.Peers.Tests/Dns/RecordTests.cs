using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace Gateway.Peers.Tests.Dns;

/// <summary>Each type of record that a zone file may hold, as DnsClient reads it from our server.</summary>
public sealed class RecordTests
{
    [Theory]
    [InlineData("mx1.peer.test", QueryType.A, "mx1.peer.test. 3600 IN A 192.0.2.10")]
    [InlineData("mx1.peer.test", QueryType.AAAA, "mx1.peer.test. 3600 IN AAAA 2001:db8::10")]
    [InlineData("short.peer.test", QueryType.A, "short.peer.test. 30 IN A 192.0.2.11")]
    [InlineData("peer.test", QueryType.NS, "peer.test. 3600 IN NS ns.peer.test.", "peer.test. 3600 IN NS ns.other.test.")]
    [InlineData("peer.test", QueryType.SOA, "peer.test. 3600 IN SOA ns.peer.test. hostmaster.peer.test. 2026010101 7200 1800 1209600 300")]
    [InlineData("peer.test", QueryType.MX, "peer.test. 3600 IN MX 10 mx1.peer.test.", "peer.test. 3600 IN MX 20 mx2.other.test.")]
    [InlineData("nullmx.peer.test", QueryType.MX, "nullmx.peer.test. 3600 IN MX 0 .")]
    [InlineData("peer.test", QueryType.TXT, "peer.test. 3600 IN TXT \"v=spf1 mx -all\"")]
    [InlineData("_dmarc.peer.test", QueryType.TXT, "_dmarc.peer.test. 3600 IN TXT \"v=DMARC1; p=reject\"")]
    [InlineData("caa.peer.test", QueryType.CAA, "caa.peer.test. 3600 IN CAA 0 issue \"ca.example\"")]
    [InlineData("service.peer.test", QueryType.SRV, "service.peer.test. 3600 IN SRV 10 20 25 mx1.peer.test.")]
    [InlineData("10.2.0.192.in-addr.arpa", QueryType.PTR, "10.2.0.192.in-addr.arpa. 3600 IN PTR mx1.peer.test.")]
    public async Task A_record_is_read_as_the_zone_file_writes_it(string name, QueryType type, params string[] expected)
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward, Zones.Reverse);

        var response = await zones.AskAsync(name, type);

        Assert.True(response.Header.HasAuthorityAnswer, response.Header.ToString());
        Assert.Equal(expected, response.Answers.Lines());
    }

    [Theory]
    [InlineData("alias.peer.test", QueryType.CNAME, "alias.peer.test. 3600 IN CNAME mx1.peer.test.")]
    [InlineData("alias.peer.test", QueryType.A, "alias.peer.test. 3600 IN CNAME mx1.peer.test.", "mx1.peer.test. 3600 IN A 192.0.2.10")]
    [InlineData("chain.peer.test", QueryType.AAAA,
        "chain.peer.test. 3600 IN CNAME alias.peer.test.", "alias.peer.test. 3600 IN CNAME mx1.peer.test.", "mx1.peer.test. 3600 IN AAAA 2001:db8::10")]
    [InlineData("outside.peer.test", QueryType.A, "outside.peer.test. 3600 IN CNAME host.elsewhere.test.")]
    [InlineData("32.2.0.192.in-addr.arpa", QueryType.PTR,
        "32.2.0.192.in-addr.arpa. 3600 IN CNAME 32.32/29.2.0.192.in-addr.arpa.", "32.32/29.2.0.192.in-addr.arpa. 3600 IN PTR classless.peer.test.")]
    public async Task An_alias_is_followed_as_far_as_the_zones_go(string name, QueryType type, params string[] expected)
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward, Zones.Reverse);

        var response = await zones.AskAsync(name, type);

        Assert.False(response.HasError, response.ErrorMessage);
        Assert.Equal(expected, response.Answers.Lines());
    }

    [Theory]
    [InlineData("192.0.2.10", "mx1.peer.test.")]
    [InlineData("192.0.2.11", "mx1.peer.test.", "other.peer.test.")]
    [InlineData("2001:db8::10", "mx1.peer.test.")]
    public async Task DnsClient_builds_the_same_reverse_name_from_an_address_and_finds_every_PTR_record(string address, params string[] expected)
    {
        await using var zones = await ServedZones.StartAsync(Zones.Reverse, Zones.Reverse6);

        var response = await zones.Client().QueryReverseAsync(IPAddress.Parse(address), TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.Answers.PtrRecords().Select(static record => record.PtrDomainName.Value));
    }

    [Fact]
    public async Task The_strings_of_a_TXT_record_keep_their_number_their_order_and_every_octet()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        var response = await zones.AskAsync("words.peer.test", QueryType.TXT);

        Assert.Equal(["one", "two three", "", "quote\" backslash\\ semicolon;"], Assert.Single(response.Answers.TxtRecords()).Text);
    }

    [Fact]
    public async Task A_type_that_nobody_knows_arrives_as_the_octets_of_the_zone_file()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        var response = await zones.AskAsync("strange.peer.test", (QueryType)65300);

        Assert.Equal([0xDE, 0xAD, 0xBE, 0xEF], Assert.IsType<UnknownRecord>(Assert.Single(response.Answers)).Data);
    }

    [Fact]
    public async Task A_wildcard_answers_under_the_name_that_was_asked_for()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        var response = await zones.AskAsync("a.b.wild.peer.test", QueryType.A);

        Assert.Equal("a.b.wild.peer.test. 3600 IN A 192.0.2.77", Assert.Single(response.Answers.Lines()));
    }

    [Fact]
    public async Task A_name_is_found_whatever_the_case_of_its_letters()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        Assert.Single((await zones.AskAsync("MX1.Peer.TEST", QueryType.A)).Answers.ARecords());
    }

    [Fact]
    public async Task A_question_for_all_types_brings_every_record_of_the_name()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        var response = await zones.AskAsync("peer.test", QueryType.ANY);

        Assert.Equal(["MX", "MX", "NS", "NS", "SOA", "TXT"], response.Answers.Select(static record => record.RecordType.ToString()).Order(StringComparer.Ordinal));
    }
}
