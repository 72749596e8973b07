using System.Net;
using Gateway.Dns;
using Gateway.Policy.Checks;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

/// <summary>Every check against every kind of exemption, at every stage where refusals can be spoken, whichever check is asked first.</summary>
public sealed class ExemptionsWinTests
{
    private static readonly Exemptions None = new() { ExemptPrivate = false, Recipients = [] };

    /// <summary>An exemption, the stage from which on it can be known, and a client whom it exempts.</summary>
    private sealed record Kind(Exemptions Exemptions, Stage Known = Stage.Connect, string Client = "192.0.2.1", string[]? Zone = null);

    private static readonly Dictionary<string, Kind> Kinds = new()
    {
        ["network"] = new(None with { Networks = [IPNetwork.Parse("192.0.2.0/24")] }),
        ["private"] = new(None with { ExemptPrivate = true }, Client: "10.1.2.3"),
        ["name"] = new(None with { Names = [DomainName.Parse("partner.example")] },
            Zone: ["192.0.2.1 PTR 192-0-2-1.dyn.partner.example", "192-0-2-1.dyn.partner.example A 192.0.2.1"]),
        ["list"] = new(None with { Lists = [DomainName.Parse("ok.example")] }, Zone: ["1.2.0.192.ok.example A 127.0.0.2"]),
        ["sender"] = new(None with { Senders = ["ann@nowhere.example"] }, Stage.Mail),
        ["sender's domain"] = new(None with { Senders = ["@nowhere.example"] }, Stage.Mail),
        ["recipient"] = new(None with { Recipients = ["bob@gateway.test"] }, Stage.Recipient),
        ["recipient's name"] = new(None with { Recipients = ["bob"] }, Stage.Recipient),
    };

    // A client with a confirmed name has nothing to fear from these, exempt or not.
    private static readonly string[] Satisfied = ["require-ptr", "require-valid-ptr", "require-fcrdns", "refuse-denied"];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var check in CheckTable.Names)
                foreach (var kind in Kinds.Keys)
                    pairs.Add(check, kind);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_exemption_wins_over_a_check_that_is_spoken_where_the_exemption_is_known_or_later(string check, string kindName)
    {
        var kind = Kinds[kindName];
        var profile = Scene.Alone(CheckTable.Find(check)!);
        foreach (var refuseAt in Enum.GetValues<Stage>())
        {
            var spoken = (Stage)Math.Max((int)refuseAt, (int)CheckTable.Find(check)!.Stage);
            var (stage, stranger) = await new PolicyEngine(profile, None, refuseAt).JudgeAllAsync(Client(check, kind));
            if (kindName != "name" || !Satisfied.Contains(check))
                Assert.True(stranger.IsRefusal && stage == spoken, $"{refuseAt}: without an exemption the case would prove nothing");

            var (_, verdict) = await new PolicyEngine(profile, kind.Exemptions, refuseAt).JudgeAllAsync(Client(check, kind));

            Assert.True(verdict.IsRefusal == spoken < kind.Known, $"refused at {refuseAt}: {verdict}");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_exemption_wins_whichever_check_is_asked_first_and_is_the_only_finding(string first, string kindName)
    {
        var kind = Kinds[kindName];
        var others = CheckTable.Names.Where(name => name != first).Prepend(first).Select(name => Scene.Alone(CheckTable.Find(name)!).Checks[0]);
        var engine = new PolicyEngine(Scene.Alone(CheckTable.Find(first)!) with { Checks = [.. others] }, kind.Exemptions, Stage.Recipient);

        var verdict = await engine.JudgeAsync(Stage.Recipient, Client(first, kind));

        Assert.Equal((Decision.Accept, false), (verdict.Decision, verdict.IsRefusal));
        Assert.Equal("exempt", Assert.Single(verdict.Findings).Check);
    }

    /// <summary>Everything is wrong with it, so that each check alone refuses it.</summary>
    private static PolicyFacts Client(string check, Kind kind)
    {
        var reversed = string.Join('.', kind.Client.Split('.').Reverse());
        // A generic name is a name, and a client without one breaks more rules.
        var name = check == "refuse-generic-ptr" ? $"PTR {kind.Client.Replace('.', '-')}.dyn.example" : "TXT x";
        IEnumerable<string> zone = [$"{reversed}.bl.example A 127.0.0.2", .. kind.Zone ?? []];
        var hasName = zone.Any(line => line.StartsWith($"{kind.Client} PTR", StringComparison.Ordinal));
        var facts = Scene.Facts(kind.Client, hasName ? zone : zone.Prepend($"{kind.Client} {name}"));
        facts.IsEarlyTalker = true;
        return facts.Said("pc", "ann@nowhere.example");
    }
}
