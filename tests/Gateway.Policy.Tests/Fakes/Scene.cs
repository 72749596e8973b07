using System.Net;
using Gateway.Policy.Checks;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Policy.Tests;

/// <summary>A client in front of a small DNS: what most tests start from.</summary>
internal static class Scene
{
    public static readonly ReplyContext Context = new("mx.gateway.test", "S1");

    public static PolicyFacts Facts(string address, params IEnumerable<string> zone) => Facts(address, new FakeResolver(zone));

    public static PolicyFacts Facts(string address, FakeResolver resolver, PublicSuffixes? suffixes = null) =>
        PolicyFacts.Start(IPAddress.Parse(address), Sources(resolver, suffixes), CancellationToken.None);

    public static FactSources Sources(FakeResolver resolver, PublicSuffixes? suffixes = null) => new(resolver, new(), new ManualTime(), suffixes);

    /// <summary>HELO, MAIL and RCPT have been said.</summary>
    public static PolicyFacts Said(
        this PolicyFacts facts, string helo = "client.example", string sender = "ann@example.org", string recipient = "bob@gateway.test")
    {
        facts.Helo = new Helo(helo, IsExtended: true);
        facts.Sender = Sender(sender);
        facts.Recipient = Recipient(recipient);
        facts.Recipients = [Recipient(recipient)];
        return facts;
    }

    public static ReversePath Sender(string text) => new(text == "<>" ? null : Mailbox(text));

    public static ForwardPath Recipient(string text) => new(Mailbox(text));

    /// <summary>A profile of one check, enforced.</summary>
    public static Profile Alone(IPolicyCheck check) => Alone(check.Name, Options.GetValueOrDefault(check.Name));

    /// <param name="check">Its name.</param>
    /// <param name="options">JSON; null for none.</param>
    /// <param name="more">Further keys of the rule, each with a comma before it.</param>
    public static Profile Alone(string check, string? options = null, string more = "") => Profile(options is null
        ? $$"""{ "summary": "s", "checks": { "{{check}}": { "mode": "Enforce"{{more}} } } }"""
        : $$"""{ "summary": "s", "checks": { "{{check}}": { "mode": "Enforce", "options": {{options}}{{more}} } } }""");

    // What the checks need that mean nothing without options.
    private static readonly Dictionary<string, string> Options = new()
    {
        ["refuse-listed"] = """{ "lists": [ "bl.example", { "zone": "bl2.example", "weight": -1 }, { "zone": "wl.example", "allow": true } ] }""",
        ["refuse-denied"] = """{ "networks": [ "203.0.113.0/24" ], "names": [ "denied.example" ] }""",
    };

    public static Profile Profile(string json)
    {
        var reading = ProfileReader.Read(json, "test");
        Assert.Empty(reading.Errors);
        return reading.Profile!;
    }

    /// <summary>An engine that exempts nobody unless told.</summary>
    public static PolicyEngine Engine(Profile profile, Stage? refuseAt = null, Exemptions? exemptions = null) =>
        new(profile, exemptions ?? new Exemptions { ExemptPrivate = false, Recipients = [] }, refuseAt);

    public static Task<Verdict> JudgeAsync(this PolicyEngine engine, Stage stage, PolicyFacts facts) =>
        engine.JudgeAsync(stage, facts, Context, CancellationToken.None).AsTask();

    /// <summary>As one session asks: every stage in order until one refuses.</summary>
    public static async Task<(Stage Stage, Verdict Verdict)> JudgeAllAsync(this PolicyEngine engine, PolicyFacts facts)
    {
        Verdict? last = null;
        foreach (var stage in Enum.GetValues<Stage>())
            if ((last = await engine.JudgeAsync(stage, facts)).IsRefusal)
                return (stage, last);
        return (Stage.Data, last!);
    }

    private static Mailbox Mailbox(string text)
    {
        var at = text.LastIndexOf('@');
        return at < 0 ? new(text, "") : new(text[..at], text[(at + 1)..]);
    }
}
