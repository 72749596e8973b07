namespace Gateway.Policy.Tests;

public sealed class PolicyCasesTests
{
    [Theory]
    [MemberData(nameof(PolicyCases.Table), MemberType = typeof(PolicyCases))]
    public async Task A_profile_answers_as_its_table_says(string profile, string reason, string zone, string helo, string sender, string expected)
    {
        var facts = Scene.Facts("192.0.2.1", zone.Split(';', StringSplitOptions.RemoveEmptyEntries)).Said(helo, sender);

        var (stage, verdict) = await Scene.Engine(BuiltInProfiles.Named(profile)).JudgeAllAsync(facts);

        var answer = verdict.Reply is { } reply ? $"{stage} {reply}" : "accept";
        Assert.True(answer.StartsWith(expected, StringComparison.Ordinal), $"{reason}: {answer}");
    }

    [Fact]
    public async Task Findings_explain_what_was_let_through_and_what_monitor_mode_did_not_speak()
    {
        var facts = Scene.Facts("192.0.2.1", "192.0.2.1 PTR liar.example", "example.org MX 10 mx.example.org").Said(helo: "pc");

        var verdict = await Scene.Engine(BuiltInProfiles.Named("standard")).JudgeAsync(Stage.Recipient, facts);

        Assert.Equal(
            ["require-ptr", "require-valid-ptr", "require-sender-domain", "require-fcrdns", "refuse-generic-ptr", "require-helo-fqdn"],
            verdict.Findings.Select(finding => finding.Check));
        Assert.Equal(["require-fcrdns", "require-helo-fqdn"], verdict.Findings.Where(finding => finding.WouldHaveRefused).Select(finding => finding.Check));
        Assert.All(verdict.Findings, finding => Assert.NotEmpty(finding.Outcome.Reason));
    }
}
