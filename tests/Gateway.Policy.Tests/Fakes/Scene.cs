using System.Net;
using Gateway.Smtp;

namespace Gateway.Policy.Tests;

/// <summary>A client in front of a small DNS: what most tests start from.</summary>
internal static class Scene
{
    public static readonly ReplyContext Context = new("mx.gateway.test", "S1");

    public static PolicyFacts Facts(string address, params IEnumerable<string> zone) => Facts(address, new FakeResolver(zone));

    public static PolicyFacts Facts(string address, FakeResolver resolver)
    {
        var options = new ReverseDnsOptions();
        var time = new ManualTime();
        return PolicyFacts.Start(
            IPAddress.Parse(address), new(resolver, options, time), new(resolver, options, time), CancellationToken.None);
    }

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
