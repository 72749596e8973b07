using FsCheck;
using FsCheck.Fluent;
using Gateway.Policy.Checks;

namespace Gateway.Policy.Tests;

/// <summary>
/// The promise behind every 5xx: whatever the answers that failed would have been, the client would have been refused.
/// </summary>
public sealed class RejectionsAreFinalTests
{
    private static readonly string[] Failures = ["!ServerFailure", "!Refused", "!TimedOut", "!Malformed"];

    // Every question that a check may put about this client, and what may be answered.
    private static readonly (string Question, string[] Answers)[] World =
    [
        ("192.0.2.1 PTR", ["mail.example.org", "host.denied.example", "192-0-2-1.dyn.example", "free.exempt.example", "localhost", "!NoData"]),
        ("mail.example.org A", ["192.0.2.1", "192.0.2.9", "!NoData"]),
        ("mail.example.org AAAA", ["2001:db8::1", "!NoData"]),
        ("host.denied.example A", ["192.0.2.1", "!NoData"]),
        ("192-0-2-1.dyn.example A", ["192.0.2.1", "192.0.2.9"]),
        ("free.exempt.example A", ["192.0.2.1", "192.0.2.9"]),
        ("helo.example.net A", ["192.0.2.9", "!NoData"]),
        ("helo.example.net AAAA", ["2001:db8::1", "!NoData"]),
        ("helo.example.net MX", ["mx.example.net", "!NoData"]),
        ("sender.example MX", ["mx.example.net", "mail.example.org", ".", "!NoData"]),
        ("sender.example A", ["192.0.2.1", "192.0.2.9", "!NoData"]),
        ("sender.example AAAA", ["2001:db8::1", "!NoData"]),
        ("mx.example.net A", ["192.0.2.1", "192.0.2.9", "!NoData"]),
        ("1.2.0.192.bl.example A", ["127.0.0.2", "127.0.0.9", "203.0.113.1", "!NoData"]),
        ("1.2.0.192.bl2.example A", ["127.0.0.2", "!NoData"]),
        ("1.2.0.192.wl.example A", ["127.0.0.2", "!NoData"]),
        ("1.2.0.192.exempt.example A", ["127.0.0.2", "!NoData"]),
    ];

    private static readonly Exemptions Exempting = new()
    {
        ExemptPrivate = false,
        Names = [Gateway.Dns.DomainName.Parse("exempt.example")],
        Lists = [Gateway.Dns.DomainName.Parse("exempt.example")],
    };

    private static readonly PolicyEngine[] Engines =
    [
        .. CheckTable.All.Select(check => new PolicyEngine(Scene.Alone(check), Scene.Engine(Scene.Alone(check)).Exemptions)),
        .. CheckTable.All.Select(check => new PolicyEngine(Scene.Alone(check), Exempting)),
        .. BuiltInProfiles.All.Select(profile => new PolicyEngine(profile, Exempting)),
    ];

    [Fact]
    public void A_rejection_holds_whatever_the_answers_that_failed_would_have_been()
    {
        var answer = Gen.Choose(0, 11);
        var worlds = from answers in Gen.ArrayOf(answer, World.Length)
                     from failing in Gen.ArrayOf(Gen.Choose(0, 11), World.Length)
                     from instead in Gen.ArrayOf(answer, World.Length)
                     select (answers, failing, instead);
        var (rejected, deferred) = (0, 0);

        Prop.ForAll(worlds.ToArbitrary(), world =>
        {
            var (failing, whole) = (Zone(world.answers, world.failing), Zone(Completed(world), null));
            foreach (var engine in Engines)
            {
                var decision = Judge(engine, failing).Decision;
                rejected += decision == Decision.Reject ? 1 : 0;
                deferred += decision == Decision.Defer ? 1 : 0;
                if (decision == Decision.Reject && !Judge(engine, whole).IsRefusal)
                    return false;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

        // A property that never meets what it is about would hold of anything.
        Assert.True(rejected > 1000 && deferred > 1000, $"{rejected} rejected, {deferred} deferred");
    }

    private static Verdict Judge(PolicyEngine engine, string[] zone) =>
        engine.JudgeAllAsync(Scene.Facts("192.0.2.1", zone).Said("helo.example.net", "ann@sender.example")).GetAwaiter().GetResult().Verdict;

    /// <summary>What failed is answered after all, in one way or another; what was answered stays.</summary>
    private static int[] Completed((int[] Answers, int[] Failing, int[] Instead) world) =>
        [.. world.Answers.Select((answer, at) => world.Failing[at] < Failures.Length ? world.Instead[at] : answer)];

    private static string[] Zone(int[] answers, int[]? failing) =>
    [
        .. World.Select((slot, at) => failing is not null && failing[at] < Failures.Length
            ? $"{slot.Question} {Failures[failing[at]]}"
            : Line(slot.Question, slot.Answers[answers[at] % slot.Answers.Length])),
    ];

    private static string Line(string question, string answer) =>
        question.EndsWith("MX", StringComparison.Ordinal) && answer[0] != '!' ? $"{question} 10 {answer}" : $"{question} {answer}";
}
