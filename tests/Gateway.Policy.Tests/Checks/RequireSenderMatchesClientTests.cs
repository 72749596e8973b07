using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

public sealed class RequireSenderMatchesClientTests
{
    private const string Named = "192.0.2.1 PTR mail.source.example;mail.source.example A 192.0.2.1";
    private const string Provider = "192.0.2.1 PTR out.isp.example;out.isp.example A 192.0.2.1";

    public static TheoryData<string, string, string, string> Cases => new()
    {
        // why, sender, zone, answer
        { "KB300171's cure: PTR in the domain", "user@source.example", Named, "Continue" },
        { "a subdomain of the same organization", "user@news.source.example", Named, "Continue" },
        { "case and final dot say nothing", "user@SOURCE.example.", Named, "Continue" },
        { "KB300171, row 3: the provider's name", "user@source.example", "192.0.2.1 PTR customer.isp.example;customer.isp.example A 192.0.2.1;source.example MX 10 mail.source.example", "Reject sender-mismatch" },
        { "a mail host of the domain has the address", "user@source.example", Provider + ";source.example MX 10 mx.source.example;mx.source.example A 192.0.2.1", "Continue" },
        { "the domain itself has it", "user@source.example", Provider + ";source.example MX 10 mx.source.example;source.example A 192.0.2.1", "Continue" },
        { "the domain has it, and no MX", "user@source.example", Provider + ";source.example A 192.0.2.1", "Continue" },
        { "an address without MX that is not the client's", "user@source.example", Provider + ";source.example A 192.0.2.9", "Reject sender-mismatch" },
        { "mail goes where it comes from", "user@source.example", Provider + ";source.example MX 10 in.isp.example", "Continue" },
        { "an unconfirmed name is not believed", "user@source.example", "192.0.2.1 PTR mail.source.example;source.example MX 10 mx.source.example", "Reject sender-mismatch" },
        { "the domain does not exist", "user@nowhere.example", Provider, "Reject sender-mismatch" },
        { "no reverse DNS, but the address of the mail host", "user@source.example", "source.example MX 10 mx.source.example;mx.source.example A 192.0.2.1", "Continue" },
        { "name unknown for the moment", "user@source.example", "192.0.2.1 PTR !TimedOut;source.example MX 10 mx.source.example", "Defer sender-match-temp" },
        { "name unknown, but the address of the mail host", "user@source.example", "192.0.2.1 PTR !TimedOut;source.example MX 10 mx.source.example;mx.source.example A 192.0.2.1", "Continue" },
        { "MX unknown", "user@source.example", Provider + ";source.example MX !ServerFailure", "Defer sender-match-temp" },
        { "MX unknown, but the name is in the domain", "user@source.example", Named + ";source.example MX !ServerFailure", "Continue" },
        { "a mail host unknown", "user@source.example", Provider + ";source.example MX 10 mx.source.example;mx.source.example A !ServerFailure", "Defer sender-match-temp" },
        { "null reverse-path", "<>", Provider, "Continue" },
        { "the client's literal", "user@[192.0.2.1]", "", "Continue" },
        { "another literal", "user@[192.0.2.2]", "", "Reject sender-mismatch" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Sender_and_client_belong_together_or_not(string why, string sender, string zone, string expected)
    {
        var facts = Scene.Facts("192.0.2.1", zone.Split(';', StringSplitOptions.RemoveEmptyEntries)).Said(sender: sender);

        var verdict = await JudgeAsync(facts);

        var outcome = verdict.Findings.Single().Outcome;
        Assert.True($"{verdict.Decision} {outcome.ReasonId}".TrimEnd() == expected, $"{why}: {outcome}");
    }

    [Theory]
    [InlineData("com\nco.uk\n", true, false)]
    [InlineData(null, true, true)]
    public async Task Organizations_end_where_anybody_may_register(string? list, bool sameCompany, bool sameSuffix)
    {
        var suffixes = list is null ? PublicSuffixes.None : PublicSuffixes.Parse(list);
        foreach (var (sender, belongs) in new[] { ("a@news.one.co.uk", sameCompany), ("a@two.co.uk", sameSuffix) })
        {
            var resolver = new FakeResolver("192.0.2.1 PTR mail.one.co.uk", "mail.one.co.uk A 192.0.2.1", "two.co.uk MX 10 mx.two.co.uk", "news.one.co.uk MX 10 elsewhere.example");

            var verdict = await JudgeAsync(Scene.Facts("192.0.2.1", resolver, suffixes).Said(sender: sender));

            Assert.Equal(!belongs, verdict.IsRefusal);
            Assert.Equal(list is null, verdict.Findings[0].Outcome.Reason.Contains("this machine has no public suffix list", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Names_that_match_cost_no_query_for_hosts()
    {
        var resolver = new FakeResolver([.. Named.Split(';'), "source.example MX 10 mx.source.example"]);

        await JudgeAsync(Scene.Facts("192.0.2.1", resolver).Said(sender: "user@source.example"));

        Assert.Equal([RecordType.Ptr, RecordType.A, RecordType.Mx], resolver.Asked.Select(question => question.Type));
    }

    [Fact]
    public async Task Mail_hosts_are_asked_for_all_at_once_and_ten_of_them_at_most()
    {
        var hosts = Enumerable.Range(10, 30).Select(i => $"source.example MX {i} mx{i}.example");
        var resolver = new FakeResolver([.. Provider.Split(';'), .. hosts]);
        var held = resolver.Hold("mx10.example", "A");
        var judging = JudgeAsync(Scene.Facts("192.0.2.1", resolver).Said(sender: "user@source.example"));

        Assert.Equal(11, resolver.Asked.Count(question => question.Type == RecordType.A && question.Name.ToString() != "out.isp.example"));
        Assert.DoesNotContain(resolver.Asked, question => question.Name.ToString() == "mx20.example");
        held.SetResult();
        Assert.Equal(Decision.Reject, (await judging).Decision);
    }

    private static Task<Verdict> JudgeAsync(PolicyFacts facts) =>
        Scene.Engine(Scene.Alone("require-sender-matches-client")).JudgeAsync(Stage.Recipient, facts);
}
