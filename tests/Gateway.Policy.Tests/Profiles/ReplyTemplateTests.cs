using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Dns;
using Gateway.Policy.Checks;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Policy.Tests;

public sealed class ReplyTemplateTests
{
    // Words by which a bounce processor knows a refusal for want of reverse DNS.
    private static readonly string[] KnownWords = ["reverse dns required", "reverse dns failed"];

    [Fact]
    public async Task Every_placeholder_is_filled()
    {
        var text = await RenderedAsync("{ip}|{ptr}|{helo}|{sender}|{domain}|{recipient}|{host}|{session}|{url}|{see}|{check}|{reason}|{{x}}");

        Assert.Equal(
            "192.0.2.1|liar.example|client.example|ann@example.org|example.org|bob@gateway.test|mx.gateway.test|S1|https://gw.test/S1"
            + "| see https://gw.test/S1|require-fcrdns|rdns-mismatch|{x}", text);
    }

    [Fact]
    public async Task The_detail_is_the_finding_in_a_sentence()
    {
        Assert.Equal("PTR of 192.0.2.1 names liar.example, whose A record is 192.0.2.9, not 192.0.2.1", await RenderedAsync("{detail}"));
    }

    [Fact]
    public async Task A_value_is_never_read_as_a_template()
    {
        Assert.Equal("{session}", await RenderedAsync("{helo}", helo: "{session}"));
    }

    [Fact]
    public async Task With_another_code_the_class_of_the_status_follows()
    {
        var verdict = await VerdictAsync("""{ "code": 450 }""");

        Assert.StartsWith("450 4.7.25 Reverse DNS failed", verdict.Reply!.ToString(), StringComparison.Ordinal);
        Assert.Equal(Decision.Defer, verdict.Decision);
    }

    [Fact]
    public async Task A_receiver_without_enhanced_status_codes_says_none()
    {
        var verdict = await VerdictAsync("""{ "status": "none", "text": "go away" }""");

        Assert.Equal("550 go away", verdict.Reply!.ToString());
    }

    [Fact]
    public async Task A_verdict_tells_whether_the_words_are_the_profiles()
    {
        Assert.True((await VerdictAsync("""{ "text": "go away" }""")).HasOwnWords);
        Assert.False((await VerdictAsync("""{ "code": 553 }""")).HasOwnWords);
    }

    [Fact]
    public async Task A_reason_may_have_words_of_its_own()
    {
        var profile = Scene.Profile("""
            { "summary": "s", "checks": { "require-fcrdns": { "mode": "Enforce",
              "reply": { "text": "any" }, "replies": { "rdns-none": { "code": 553, "text": "none" } } } } }
            """);

        Assert.Equal("553 5.7.25 none", (await Scene.Engine(profile).JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1").Said())).Reply!.ToString());
        Assert.Equal("550 5.7.25 any", (await Scene.Engine(profile).JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1", "192.0.2.1 PTR liar.example").Said())).Reply!.ToString());
    }

    [Fact]
    public void Refusals_for_want_of_reverse_DNS_hold_words_that_bounce_processors_know()
    {
        foreach (var refusal in CheckTable.All.SelectMany(check => check.Refusals).Where(refusal => refusal.ReasonId.StartsWith("rdns-", StringComparison.Ordinal)))
        {
            Assert.Contains(KnownWords, words => refusal.Text[0].Source.Contains(words, StringComparison.OrdinalIgnoreCase));
            Assert.Contains("[{ip}]", refusal.Text[0].Source, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_hostile_name_makes_a_line_too_long_or_unprintable()
    {
        var labels = from octets in Gen.ArrayOf(Gen.Choose(0, 255).Select(octet => (byte)octet)) where octets.Length is > 0 and < 64 select octets;
        var names = Gen.NonEmptyListOf(labels).Select(Name);
        var texts = Gen.ArrayOf(Gen.Choose(0, 0x2100).Select(c => (char)c)).Select(chars => new string(chars));
        var clients = from name in names from helo in texts from local in texts select (name, helo, local);

        Prop.ForAll(clients.ToArbitrary(), client =>
        {
            foreach (var profile in BuiltInProfiles.All.Concat(CheckTable.All.Select(Scene.Alone)).Append(Everything))
                foreach (var stage in Enum.GetValues<Stage>())
                {
                    var question = new DnsQuestion(client.name, RecordType.A);
                    var names = new[] { new PtrName(client.name, new(question, DnsStatus.NameError, [], [], TimeSpan.Zero), IsConfirmed: false) };
                    var address = System.Net.IPAddress.Parse("192.0.2.1");
                    var known = new ClientFacts(address, IprevStatus.Fail, names, "detail", [], TimeSpan.Zero);
                    var facts = new PolicyFacts(address, Task.FromResult(known), Scene.Sources(Listing), CancellationToken.None) { IsEarlyTalker = true }
                        .Said(client.helo, $"{client.local}@{client.name}");
                    var verdict = Scene.Engine(profile, stage).JudgeAllAsync(facts).GetAwaiter().GetResult().Verdict;
                    if (verdict.Reply is { } reply && !IsWellFormed(reply))
                        return false;
                }
            return true;
        }).QuickCheckThrowOnFailure();
    }

    // The words of a list are a stranger's, too.
    private static FakeResolver Listing { get; } = new("1.2.0.192.bl.example A 127.0.0.2", $"1.2.0.192.bl.example TXT \r\n250_{new string('\u00FC', 250)}");

    private static Profile Everything { get; } = Scene.Profile("""
        { "summary": "s", "checks": { "require-fcrdns": { "mode": "Enforce", "reply": { "text": "{ptr} {helo} {sender} {domain} {detail}" } } } }
        """);

    private static bool IsWellFormed(Reply reply)
    {
        var wire = Encoding.Latin1.GetString(reply.Wire.Span);
        var lines = wire.Split("\r\n");
        return lines[^1].Length == 0 && lines[..^1].All(line => line.Length <= 510 && line.All(c => c is >= ' ' and <= '~'));
    }

    private static DomainName Name(IEnumerable<byte[]> labels)
    {
        var name = DomainName.Parse("example");
        foreach (var label in labels)
            name = name.Prepend(label) ?? name;
        return name;
    }

    private static async Task<string> RenderedAsync(string text, string helo = "client.example") =>
        Assert.Single((await VerdictAsync($$"""{ "text": "{{text}}" }""", helo)).Reply!.Lines);

    private static async Task<Verdict> VerdictAsync(string reply, string helo = "client.example")
    {
        var profile = Scene.Profile($$"""{ "summary": "s", "checks": { "require-fcrdns": { "mode": "Enforce", "reply": {{reply}} } } }""");
        var facts = Scene.Facts("192.0.2.1", "192.0.2.1 PTR liar.example", "liar.example A 192.0.2.9").Said(helo);
        return await Scene.Engine(profile).JudgeAsync(Stage.Recipient, facts, Scene.Context with { Url = "https://gw.test/S1" }, CancellationToken.None);
    }
}
