using Gateway.Dns;
using Gateway.Policy.Advising;

namespace Gateway.Policy.Tests;

public sealed class ResolverProbeTests
{
    // What a list that works answers for its test entries.
    private const string Works = "2.0.0.127.bl.example A 127.0.0.2";

    public static TheoryData<string, string, string?> Cases => new()
    {
        // why, zone, what is found
        { "a resolver and a list that work", Works, null },
        { "a name that cannot exist has an address", $"{Works};probe.invalid A 203.0.113.9", "it answered 203.0.113.9 for a name that cannot exist (probe.invalid, RFC 6761)" },
        { "NXDOMAIN with records", $"{Works};probe.invalid A !Malformed", "its answer for a name that cannot exist (probe.invalid, RFC 6761) is malformed: the answer was malformed" },
        { "a resolver that is down is another trouble", $"{Works};probe.invalid A !TimedOut", null },
        { "a resolver that refuses is another trouble", $"{Works};probe.invalid A !Refused", null },
        { "the list is down", "2.0.0.127.bl.example A !ServerFailure;1.0.0.127.bl.example A !TimedOut", null },
        { "the list lists everybody", $"{Works};1.0.0.127.bl.example A 127.0.0.2", "bl.example lists 127.0.0.1, which no list may do (RFC 5782 section 5), so it seems to list every address" },
        { "the list lists nobody", "", "bl.example does not list its test entry 127.0.0.2 (RFC 5782 section 5), so its name is wrong or the list is no longer operated" },
        { "the list does not serve the resolver", "2.0.0.127.bl.example A 127.255.255.254;1.0.0.127.bl.example A 127.255.255.254",
            "bl.example answered 127.255.255.254, an error: the list does not answer this DNS server" },
        { "every name has the address of an advertisement", "2.0.0.127.bl.example A 203.0.113.9;1.0.0.127.bl.example A 203.0.113.9",
            "bl.example answered 203.0.113.9, which is outside 127.0.0.0/8 (RFC 5782 section 2.1): the list is no longer operated, or the DNS server invents answers" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_can_have_one_answer_only_is_asked(string why, string zone, string? expected)
    {
        var probe = new ResolverProbe(new FakeResolver(zone.Split(';', StringSplitOptions.RemoveEmptyEntries)), [new(DomainName.Parse("bl.example"))], "probe");

        var found = await probe.AskAsync(CancellationToken.None);

        Assert.True(expected is null ? found.Count == 0 : found.SequenceEqual([expected]), $"{why}: {string.Join("; ", found)}");
    }

    [Fact]
    public void The_lists_of_all_profiles_and_exemptions_are_probed_each_once()
    {
        var profile = Scene.Alone("refuse-listed", """{ "lists": [ "a.example", { "zone": "b.example", "allow": true } ] }""");

        var lists = ResolverProbe.ListsOf([profile, profile, Scene.Alone("require-ptr")], new() { Lists = [DomainName.Parse("b.example"), DomainName.Parse("c.example")] });

        Assert.Equal(["a.example", "b.example", "c.example"], lists.Select(static list => list.Zone.ToString()));
    }
}
