using System.Net;
using Gateway.Dns;
using Gateway.Policy.Advising;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

/// <summary>What a public list's answer means; a list that does not keep to RFC 5782 says nothing.</summary>
public sealed class ListInquiryTests
{
    private const string Tested = "2.0.0.127.bl.example A 127.0.0.2";

    [Theory]
    [InlineData("it has an entry", $"70.2.0.192.bl.example A 127.0.0.4;70.2.0.192.bl.example TXT Sent_spam;{Tested}", ListStanding.Listed, "127.0.0.4: Sent spam")]
    [InlineData("it has none, and its test entry", Tested, ListStanding.NotListed, "no entry")]
    [InlineData("its test entry has a value of its own", "2.0.0.127.bl.example A 127.0.0.1", ListStanding.NotListed, "no entry")]
    [InlineData("it was closed: the test entry is gone (RFC 5782 §5)", "bl.example TXT gone", ListStanding.Broken, "so it may be closed")]
    [InlineData("it lists everybody: 127.0.0.1 too (RFC 5782 §5)", $"70.2.0.192.bl.example A 127.0.0.2;1.0.0.127.bl.example A 127.0.0.2;{Tested}", ListStanding.Broken, "it lists every address")]
    [InlineData("it refuses public resolvers", "70.2.0.192.bl.example A 127.255.255.254", ListStanding.Refused, "127.255.255.254: it does not answer public DNS servers")]
    [InlineData("it had too many questions", "70.2.0.192.bl.example A 127.255.255.255", ListStanding.Refused, "too many queries")]
    [InlineData("the test entry is refused", "2.0.0.127.bl.example A 127.255.255.254", ListStanding.Refused, "refuses the queries")]
    [InlineData("the DNS fails", "70.2.0.192.bl.example A !ServerFailure", ListStanding.Unanswered, "SERVFAIL")]
    public async Task The_answer_of_a_list_is_taken_only_if_the_list_keeps_to_the_rules(string reason, string zone, ListStanding expected, string words)
    {
        var answer = await AskAsync("192.0.2.70", zone, hasIPv6: false);

        Assert.True(expected == answer.Standing, $"{reason}: {answer.Standing}");
        Assert.Contains(words, answer.Meaning, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Trail);
    }

    [Fact]
    public async Task A_list_of_IPv4_addresses_is_not_asked_about_IPv6()
    {
        var answer = await AskAsync("2001:db8::70", Tested, hasIPv6: false);

        Assert.Equal(ListStanding.OtherFamily, answer.Standing);
        Assert.Empty(answer.Trail);
    }

    [Fact]
    public async Task Each_list_that_has_the_address_is_asked_apart_to_remove_it_on_its_own_page()
    {
        var one = await AskAsync("192.0.2.70", $"70.2.0.192.bl.example A 127.0.0.2;{Tested}", hasIPv6: false);
        var other = one with { List = one.List with { Name = "Other", Removal = null } };

        var advice = ListAdvice.Of([one, other, one with { Standing = ListStanding.NotListed }]).ToList();

        Assert.Equal(3, advice.Count);
        Assert.Contains("ask this list to remove it: https://bl.example/remove", advice[0].Reason, StringComparison.Ordinal);
        Assert.Contains("ask the operator of bl.example to remove it", advice[1].Reason, StringComparison.Ordinal);
        Assert.Equal("ask each of the 2 lists separately: a removal from one list changes nothing in the others", advice[2].Reason);
    }

    private static async Task<ListAnswer> AskAsync(string address, string zone, bool hasIPv6)
    {
        var resolver = new FakeResolver(zone.Split(';'));
        var list = new PublicList(DomainName.Parse("bl.example"), "Example", null, "https://bl.example/remove", hasIPv6);
        var inquiry = new ListInquiry(new(resolver, new ReverseDnsOptions(), new ManualTime()));
        return Assert.Single(await inquiry.AskAsync([list], IPAddress.Parse(address), CancellationToken.None));
    }
}
