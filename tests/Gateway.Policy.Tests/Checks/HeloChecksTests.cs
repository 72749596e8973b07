using Gateway.Policy.Checks;
using Gateway.Smtp;

namespace Gateway.Policy.Tests;

public sealed class HeloChecksTests
{
    public static TheoryData<string, string, string, string> Resolving => new()
    {
        // why, HELO, zone, answer
        { "IPv4 address", "a.example", "a.example A 198.51.100.1", "Continue" },
        { "IPv6 address", "a.example", "a.example AAAA 2001:db8::9", "Continue" },
        { "takes mail only", "a.example", "a.example MX 10 mx.example", "Continue" },
        { "nothing", "a.example", "a.example TXT x", "Reject helo-unknown" },
        { "does not exist", "a.example", "", "Reject helo-unknown" },
        { "literal", "[192.0.2.1]", "", "Continue" },
        { "IPv6 literal", "[IPv6:2001:db8::1]", "", "Continue" },
        { "one label", "localhost", "localhost A 127.0.0.1", "Reject helo-unknown" },
        { "no name", "a..b", "", "Reject helo-unknown" },
        { "unknown for the moment", "a.example", "a.example A !ServerFailure", "Defer helo-temp" },
        { "one family unknown, the other there", "a.example", "a.example A !ServerFailure;a.example AAAA 2001:db8::9", "Continue" },
        { "MX unknown", "a.example", "a.example MX !Refused", "Defer helo-temp" },
    };

    public static TheoryData<string, string, string, string> Matching => new()
    {
        { "the confirmed name", "A.example.", "192.0.2.1 PTR a.example;a.example A 192.0.2.1", "Continue" },
        { "where it leads is not asked", "a.example", "192.0.2.1 PTR a.example", "Continue" },
        { "known even if the rest is not", "a.example", "192.0.2.1 PTR a.example;a.example A !TimedOut", "Continue" },
        { "the second name", "b.example", "192.0.2.1 PTR a.example;192.0.2.1 PTR b.example", "Continue" },
        { "another name", "b.example", "192.0.2.1 PTR a.example", "Reject helo-mismatch" },
        { "a name below", "x.a.example", "192.0.2.1 PTR a.example", "Reject helo-mismatch" },
        { "its own literal", "[192.0.2.1]", "", "Continue" },
        { "another literal", "[10.0.0.1]", "192.0.2.1 PTR a.example", "Reject helo-mismatch" },
        { "no PTR record", "a.example", "", "Reject rdns-none" },
        { "unknown for the moment", "a.example", "192.0.2.1 PTR !ServerFailure", "Defer rdns-temp" },
    };

    [Theory]
    [MemberData(nameof(Resolving))]
    public Task A_HELO_name_must_be_a_hosts(string why, string helo, string zone, string expected) => JudgeAsync("require-helo-resolves", why, helo, zone, expected);

    [Theory]
    [MemberData(nameof(Matching))]
    public Task A_HELO_name_must_be_a_PTR_name(string why, string helo, string zone, string expected) => JudgeAsync("require-helo-matches-ptr", why, helo, zone, expected);

    [Fact]
    public void No_profile_of_our_own_refuses_because_HELO_does_not_match()
    {
        // RFC 5321 §4.1.4: the server MUST NOT refuse a message on that basis.
        foreach (var name in new[] { "observe", "ptr", "fcrdns", "standard", "strict" })
            Assert.DoesNotContain(BuiltInProfiles.Named(name).Checks, rule => rule.Check is RequireHeloMatchesPtr);
    }

    [Fact]
    public async Task A_name_that_is_said_again_after_STARTTLS_is_not_looked_up_again()
    {
        var resolver = new FakeResolver("a.example A 192.0.2.1");
        var facts = Scene.Facts("192.0.2.1", resolver).Said("a.example");
        await facts.HeloHostAsync();
        var asked = resolver.Asked.Count;

        facts.Helo = null;
        facts.Helo = new Helo("a.example", IsExtended: true);
        await facts.HeloHostAsync();
        Assert.Equal(asked, resolver.Asked.Count);
        facts.Helo = new Helo("b.example", IsExtended: true);
        await facts.HeloHostAsync();

        Assert.True(resolver.Asked.Count > asked);
    }

    private static async Task JudgeAsync(string check, string why, string helo, string zone, string expected)
    {
        var facts = Scene.Facts("192.0.2.1", zone.Split(';', StringSplitOptions.RemoveEmptyEntries)).Said(helo);

        var verdict = await Scene.Engine(Scene.Alone(check)).JudgeAsync(Stage.Recipient, facts);

        var outcome = verdict.Findings.Single().Outcome;
        Assert.True($"{verdict.Decision} {outcome.ReasonId}".TrimEnd() == expected, $"{why}: {outcome}");
    }
}
