namespace Gateway.Policy.Tests;

public sealed class RefuseDeniedTests
{
    private const string Names = """{ "names": [ "denied.example" ] }""";

    public static TheoryData<string, string, string, string> Cases => new()
    {
        // why, options, zone, answer
        { "in a denied network", """{ "networks": [ "192.0.2.0/24" ] }""", "192.0.2.1 PTR !ServerFailure", "Reject denied" },
        { "the address alone", """{ "networks": [ "192.0.2.1" ] }""", "", "Reject denied" },
        { "in none", """{ "networks": [ "198.51.100.0/24", "2001:db8::/32" ] }""", "", "Continue" },
        { "networks alone ask for no name", """{ "networks": [ "198.51.100.0/24" ] }""", "192.0.2.1 PTR !ServerFailure", "Continue" },
        { "confirmed name in a denied domain", Names, "192.0.2.1 PTR a.denied.example;a.denied.example A 192.0.2.1", "Reject denied" },
        { "the domain itself", Names, "192.0.2.1 PTR denied.example;denied.example A 192.0.2.1", "Reject denied" },
        { "a border between labels", Names, "192.0.2.1 PTR undenied.example;undenied.example A 192.0.2.1", "Continue" },
        { "unconfirmed name in a denied domain", Names, "192.0.2.1 PTR a.denied.example", "Reject denied" },
        { "KB300171, row 11: cannot be looked up", Names, "", "Reject denied-unknown" },
        { "a name that does not lead back says nothing for the client", Names, "192.0.2.1 PTR a.good.example", "Reject denied-unknown" },
        { "unknown for the moment", Names, "192.0.2.1 PTR !TimedOut", "Defer rdns-temp" },
        { "name known, and perhaps not the client's", Names, "192.0.2.1 PTR a.denied.example;a.denied.example A !ServerFailure", "Defer rdns-temp" },
        { "the operator lets nameless clients pass", """{ "names": [ "denied.example" ], "unconfirmed": "Accept" }""", "", "Continue" },
        { "but not denied ones", """{ "names": [ "denied.example" ], "unconfirmed": "Accept" }""", "192.0.2.1 PTR a.denied.example", "Reject denied" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Who_is_denied_is_refused(string why, string options, string zone, string expected)
    {
        var facts = Scene.Facts("192.0.2.1", zone.Split(';', StringSplitOptions.RemoveEmptyEntries)).Said();

        var verdict = await Scene.Engine(Scene.Alone("refuse-denied", options)).JudgeAsync(Stage.Recipient, facts);

        var outcome = verdict.Findings.Single().Outcome;
        Assert.True($"{verdict.Decision} {outcome.ReasonId}".TrimEnd() == expected, $"{why}: {outcome}");
    }
}
