using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Dns;
using Gateway.Policy.Checks;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;

namespace Gateway.Policy.Tests;

public sealed class NeverRejectsOnTemporaryFailureTests
{
    private static readonly DnsStatus[] Failures = [.. Enum.GetValues<DnsStatus>().Where(status => status > DnsStatus.NameError)];

    [Fact]
    public async Task A_temporary_dns_failure_defers_and_never_rejects()
    {
        foreach (var profile in BuiltInProfiles.All.Concat(CheckTable.All.Select(Scene.Alone)))
            foreach (var refuseAt in Enum.GetValues<Stage>())
                foreach (var address in new[] { "192.0.2.1", "2001:db8::1" })
                    foreach (var failure in Failures)
                        foreach (var zone in FailingZones(address, failure))
                        {
                            var facts = Scene.Facts(address, zone).Said(helo: "mail.example.org");

                            var (_, verdict) = await Scene.Engine(profile, refuseAt).JudgeAllAsync(facts);

                            Assert.True(verdict.Decision != Decision.Reject && verdict.Reply is not { IsPermanent: true },
                                $"{profile.Name} at {refuseAt}, {address}, {failure}: {verdict.Reply}");
                        }
    }

    [Fact]
    public void Whatever_the_DNS_says_a_rejection_rests_on_no_temporary_failure()
    {
        // Any mixture of good, bad and failing answers: when every lookup that a rejection may rest on failed in some part,
        // and no part of it is final, the answer is no 5xx.
        var statuses = Gen.Elements("192.0.2.1", "192.0.2.9", "!NoData", "!ServerFailure", "!Refused", "!TimedOut", "!Malformed");
        var zones = from first in statuses from second in statuses from third in statuses select new[] { first, second, third };
        Prop.ForAll(zones.ToArbitrary(), forward =>
        {
            var zone = forward.SelectMany((value, i) => new[] { $"192.0.2.1 PTR host{i}.example", $"host{i}.example A {value}" });
            var facts = Scene.Facts("192.0.2.1", zone).Said();
            var verdict = Scene.Engine(Scene.Alone(CheckTable.Find("require-fcrdns")!)).JudgeAsync(Stage.Recipient, facts).GetAwaiter().GetResult();
            var expected = forward.Contains("192.0.2.1") ? Decision.Continue
                : forward.Any(value => value is "!ServerFailure" or "!Refused" or "!TimedOut" or "!Malformed") ? Decision.Defer
                : Decision.Reject;
            return verdict.Decision == expected;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("192.0.2.1 PTR !ServerFailure")]
    [InlineData("192.0.2.1 PTR a.example;a.example A !ServerFailure")]
    [InlineData("192.0.2.1 PTR a.example;a.example A 192.0.2.1;example.org MX !Refused")]
    public async Task A_check_that_rejects_all_the_same_is_not_obeyed(string zone)
    {
        var rule = new CheckRule(new Hasty(), CheckMode.Enforce, CheckMode.Enforce, OnTemporaryFailure.Defer, null, null, new Dictionary<string, ReplyTemplate>());
        var profile = new Profile("hasty", "", null, null, TextOrigin.NotAuthentic, Stage.Recipient, null, [rule]);
        var facts = Scene.Facts("192.0.2.1", zone.Split(';')).Said();

        var verdict = await Scene.Engine(profile).JudgeAsync(Stage.Recipient, facts);

        Assert.Equal(Decision.Defer, verdict.Decision);
        Assert.Equal("451 4.4.3 The DNS did not answer for [192.0.2.1], try again later; reason=dns-temp id=S1", verdict.Reply!.ToString());
    }

    [Fact]
    public async Task A_check_that_rejects_on_settled_facts_is_obeyed()
    {
        var rule = new CheckRule(new Hasty(), CheckMode.Enforce, CheckMode.Enforce, OnTemporaryFailure.Defer, null, null, new Dictionary<string, ReplyTemplate>());
        var profile = new Profile("hasty", "", null, null, TextOrigin.NotAuthentic, Stage.Recipient, null, [rule]);

        var verdict = await Scene.Engine(profile).JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1").Said());

        Assert.Equal(Decision.Reject, verdict.Decision);
    }

    /// <summary>A client whom every check lets pass, and each of its look-ups failing: alone, and beside each other one.</summary>
    private static IEnumerable<string[]> FailingZones(string address, DnsStatus failure)
    {
        var type = address.Contains(':') ? "AAAA" : "A";
        var ip = IPAddress.Parse(address);
        string[] good = [$"{address} PTR mail.example.org", $"mail.example.org {type} {address}", "example.org MX 10 mail.example.org", "example.org MX 20 mx.example.org", $"mx.example.org {type} {address}"];
        string[] questions =
        [
            $"{address} PTR", "mail.example.org A", "mail.example.org AAAA", "mail.example.org MX",
            "example.org MX", "example.org A", "example.org AAAA", "mx.example.org A", "mx.example.org AAAA",
            .. new[] { "bl.example", "bl2.example", "wl.example" }.Select(zone => $"{ReverseName.Below(DomainName.Parse(zone), ip)} A"),
        ];
        for (var first = 0; first < questions.Length; first++)
            for (var second = first; second < questions.Length; second++)
                yield return [.. good, $"{questions[first]} !{failure}", $"{questions[second]} !{failure}"];
        yield return [.. good, $"{address} PTR liar.example", $"mail.example.org {type} !{failure}"];
    }

    /// <summary>A check as it should not be: it does not look at what it reads.</summary>
    private sealed class Hasty : IPolicyCheck
    {
        private static readonly Refusal Always = new("hasty", 550, 7, 1, "no");

        public string Name => "hasty";

        public Stage Stage => Stage.Mail;

        public IReadOnlyList<Refusal> Refusals => [Always];

        public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
        {
            await facts.Client;
            await facts.SenderDomainAsync();
            return Always.Because("just so");
        }
    }
}
