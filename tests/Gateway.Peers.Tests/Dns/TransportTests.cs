using DnsClient;
using DnsClient.Protocol.Options;

namespace Gateway.Peers.Tests.Dns;

/// <summary>UDP with and without EDNS, truncation, and TCP.</summary>
public sealed class TransportTests
{
    // RFC 1035 §4.2.1: a datagram without EDNS has at most 512 octets. DnsClient sends no OPT record for this size.
    private const int WithoutEdns = 512;

    [Theory]
    [InlineData("some.large.test", QueryType.A, 40)]
    [InlineData("many.large.test", QueryType.A, 200)]
    [InlineData("key.large.test", QueryType.TXT, 1)]
    [InlineData("huge.large.test", QueryType.TXT, 1)]
    public async Task An_answer_that_fits_no_datagram_is_truncated_and_comes_whole_by_TCP(string name, QueryType type, int records)
    {
        await using var zones = await ServedZones.StartAsync(Zones.Large);

        var response = await zones.AskAsync(name, type, static options => options.ExtendedDnsBufferSize = WithoutEdns);

        Assert.False(response.Header.ResultTruncated);
        Assert.Equal(records, response.Answers.Count);
        Assert.Equal(2, zones.Seen.Count);
    }

    [Theory]
    [InlineData("ns.large.test", WithoutEdns, 1)]
    [InlineData("some.large.test", WithoutEdns, 2)]
    [InlineData("some.large.test", 1232, 1)]
    [InlineData("some.large.test", 4096, 1)]
    [InlineData("many.large.test", 1232, 2)]
    [InlineData("many.large.test", 4096, 2)]
    public async Task A_datagram_is_as_large_as_EDNS_allows_and_TCP_is_needed_beyond_1232_octets(string name, int size, int questions)
    {
        await using var zones = await ServedZones.StartAsync(Zones.Large);

        var response = await zones.AskAsync(name, QueryType.A, options => options.ExtendedDnsBufferSize = size);

        Assert.Equal(questions, zones.Seen.Count);
        Assert.Equal(questions > 1, response.MessageSize > Math.Min(size, 1232));
    }

    [Fact]
    public async Task The_server_announces_by_EDNS_what_it_takes_and_says_nothing_of_it_to_a_client_without()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        var extended = await zones.AskAsync("mx1.peer.test", QueryType.A);
        var plain = await zones.AskAsync("mx1.peer.test", QueryType.A, static options => options.ExtendedDnsBufferSize = WithoutEdns);

        Assert.True(Assert.IsType<OptRecord>(Assert.Single(extended.Additionals)) is { UdpSize: 1232, Version: 0 });
        Assert.Empty(plain.Additionals);
    }

    [Theory]
    [InlineData("mx1.peer.test", QueryType.A, "mx1.peer.test. 3600 IN A 192.0.2.10")]
    [InlineData("alias.peer.test", QueryType.AAAA, "alias.peer.test. 3600 IN CNAME mx1.peer.test.", "mx1.peer.test. 3600 IN AAAA 2001:db8::10")]
    [InlineData("missing.peer.test", QueryType.A)]
    public async Task By_TCP_alone_the_answer_is_the_same(string name, QueryType type, params string[] expected)
    {
        await using var zones = await ServedZones.StartAsync(Zones.Forward);

        var datagram = await zones.AskAsync(name, type);
        var stream = await zones.AskAsync(name, type, static options => options.UseTcpOnly = true);

        Assert.Equal(datagram.Header.ResponseCode, stream.Header.ResponseCode);
        Assert.Equal(expected, stream.Answers.Lines());
        Assert.Equal(datagram.AllRecords.Lines(), stream.AllRecords.Lines());
    }

    [Fact]
    public async Task A_truncate_fault_sends_DnsClient_to_TCP_where_the_answer_is()
    {
        await using var zones = (await ServedZones.StartAsync(Zones.Forward)).With("mx1.peer.test truncate");

        Assert.Single((await zones.AskAsync("mx1.peer.test", QueryType.A)).Answers.ARecords());
        Assert.Equal(2, zones.Seen.Count);
    }

    [Fact]
    public async Task A_TXT_record_of_50000_octets_arrives_whole_and_in_order()
    {
        await using var zones = await ServedZones.StartAsync(Zones.Large);

        var text = Assert.Single((await zones.AskAsync("huge.large.test", QueryType.TXT)).Answers.TxtRecords()).Text;

        Assert.Equal(Enumerable.Range(0, 200).Select(static number => new string((char)('a' + (number % 26)), 255)), text);
    }

    [Fact]
    public async Task Two_hundred_questions_at_once_each_get_their_own_answer()
    {
        await using var zones = await ServedZones.StartAsync(
            Zones.Forward + "\n" + string.Concat(Enumerable.Range(0, 200).Select(static number => $"host{number} A 192.0.2.{number}\n")));
        var client = zones.Client();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            client.QueryAsync($"host{number}.peer.test", QueryType.A, cancellationToken: TestContext.Current.CancellationToken)));

        Assert.Equal(
            Enumerable.Range(0, 200).Select(static number => $"192.0.2.{number}"),
            answers.Select(static answer => Assert.Single(answer.Answers.ARecords()).Address.ToString()));
    }
}
