using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;

namespace Gateway.Policy.Tests;

public sealed class RefuseListedTests
{
    private const string Two = """{ "lists": [ "a.example", { "zone": "b.example", "weight": 2 } ], "threshold": 2 }""";
    private const string Allowing = """{ "lists": [ "a.example", { "zone": "wl.example", "allow": true } ] }""";
    private const string Soft = """{ "lists": [ "a.example", { "zone": "b.example", "weight": -1 } ] }""";
    private const string Some = """{ "lists": [ { "zone": "a.example", "answers": [ "127.0.0.2", "127.0.1.0/24" ] } ] }""";

    public static TheoryData<string, string, string, Decision> Cases => new()
    {
        // why, options, zone, decision
        { "on no list", Two, "", Decision.Continue },
        { "below the threshold", Two, "1.2.0.192.a.example A 127.0.0.2", Decision.Continue },
        { "one list has weight enough", Two, "1.2.0.192.b.example A 127.0.0.2", Decision.Reject },
        { "the sum is over the threshold", Two, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.b.example A 127.0.0.9", Decision.Reject },
        { "the list that decides is silent", Two, "1.2.0.192.b.example A !TimedOut", Decision.Defer },
        { "the list that is silent could not reach the threshold alone", Two, "1.2.0.192.a.example A !TimedOut", Decision.Continue },
        { "listed anyway", Two, "1.2.0.192.a.example A !Refused;1.2.0.192.b.example A 127.0.0.2", Decision.Reject },
        { "an error code is no entry", Two, "1.2.0.192.b.example A 127.255.255.254", Decision.Continue },
        { "an error code beside an entry", Two, "1.2.0.192.b.example A 127.0.0.2;1.2.0.192.b.example A 127.255.255.252", Decision.Continue },
        { "127.0.0.1 is what blocked names answer", Two, "1.2.0.192.b.example A 127.0.0.1", Decision.Continue },
        { "an address of the world is the resolver's invention", Two, "1.2.0.192.b.example A 203.0.113.1", Decision.Continue },
        { "an address of the world beside an entry", Two, "1.2.0.192.b.example A 203.0.113.1;1.2.0.192.b.example A 127.0.0.2", Decision.Continue },
        { "the first documented value", Two, "1.2.0.192.b.example A 127.0.0.2", Decision.Reject },
        { "the last documented value", Two, "1.2.0.192.b.example A 127.0.0.254", Decision.Reject },
        { "127.0.0.255 is not documented", Two, "1.2.0.192.b.example A 127.0.0.255", Decision.Continue },
        { "127.0.0.0 is not documented", Two, "1.2.0.192.b.example A 127.0.0.0", Decision.Continue },
        { "127.0.1.2 is not documented", Two, "1.2.0.192.b.example A 127.0.1.2", Decision.Continue },
        { "127.1.2.3 is not documented", Two, "1.2.0.192.b.example A 127.1.2.3", Decision.Continue },
        { "an unusable answer is not judged, another list is", Two, "1.2.0.192.a.example A 127.255.255.254;1.2.0.192.b.example A 127.0.0.2", Decision.Reject },
        { "a list that may let through answers with an error", Allowing, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.wl.example A 127.255.255.254", Decision.Defer },
        { "a list that lets through has more values", Allowing, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.wl.example A 127.0.10.3", Decision.Continue },
        { "a list that may speak for the client answers with an error", Soft, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.b.example A 127.255.255.254", Decision.Defer },
        { "let through", Allowing, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.wl.example A 127.0.0.2", Decision.Continue },
        { "perhaps let through", Allowing, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.wl.example A !ServerFailure", Decision.Defer },
        { "nothing to be let through from", Allowing, "1.2.0.192.wl.example A !ServerFailure", Decision.Continue },
        { "let through whatever the silent list would say", Allowing, "1.2.0.192.a.example A !TimedOut;1.2.0.192.wl.example A 127.0.0.2", Decision.Continue },
        { "a list that speaks for the client", Soft, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.b.example A 127.0.0.2", Decision.Continue },
        { "one that might speak for the client", Soft, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.b.example A !Malformed", Decision.Defer },
        { "a value that counts", Some, "1.2.0.192.a.example A 127.0.1.77", Decision.Reject },
        { "a documented value that does not count", Some, "1.2.0.192.a.example A 127.0.0.3", Decision.Continue },
        { "a documented value that does not count beside one that does", Some, "1.2.0.192.a.example A 127.0.0.3;1.2.0.192.a.example A 127.0.0.2", Decision.Reject },
        { "a value that nobody documents", Some, "1.2.0.192.a.example A 127.0.7.7", Decision.Continue },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Lists_are_weighed(string why, string options, string zone, Decision expected)
    {
        var verdict = await JudgeAsync(options, zone.Split(';', StringSplitOptions.RemoveEmptyEntries));

        Assert.True(verdict.Decision == expected, $"{why}: {verdict.Decision}, {verdict.Findings[0].Outcome.Reason}");
    }

    [Fact]
    public async Task An_unusable_answer_is_told_in_the_finding_and_to_the_operator_once_a_day_and_not_for_each_client()
    {
        var time = new ManualTime();
        var told = new List<string>();
        var resolver = new FakeResolver("1.2.0.192.a.example A 127.255.255.254", "2.2.0.192.a.example A 127.0.0.1", "1.2.0.192.b.example A 203.0.113.1");
        var sources = new FactSources(resolver, new(), time, suffixes: null, (zone, trouble) => told.Add($"{zone}: {trouble}"));
        var engine = Scene.Engine(Scene.Alone("refuse-listed", Two));
        Task<Verdict> Ask(string client) =>
            engine.JudgeAsync(Stage.Recipient, PolicyFacts.Start(System.Net.IPAddress.Parse(client), sources, CancellationToken.None).Said());

        var first = await Ask("192.0.2.1");
        await Ask("192.0.2.1");
        await Ask("192.0.2.2");

        Assert.Equal(
            "192.0.2.1 is not on any of the lists; score 0 of 2; a.example cannot be used: it answered 127.255.255.254, an error: the list does not answer this DNS server "
            + "and b.example cannot be used: it answered 203.0.113.1, which is outside 127.0.0.0/8 (RFC 5782 section 2.1): the list is no longer operated, or the DNS server invents answers",
            first.Findings[0].Outcome.Reason);
        Assert.Null(first.Findings[0].Outcome.ReasonId);
        Assert.Equal(["a.example", "b.example"], told.Select(line => line.Split(':')[0]));
        time.Advance(TimeSpan.FromHours(25));
        await Ask("192.0.2.2");
        Assert.Equal("a.example: it answered 127.0.0.1, which is not an entry: DNS servers that block a name answer like this", told[^1]);
    }

    [Fact]
    public async Task A_list_whose_answers_are_unusable_exempts_nobody_and_makes_no_refusal_final()
    {
        var engine = Scene.Engine(Scene.Alone("require-ptr"), exemptions: new() { Recipients = [], Lists = [DomainName.Parse("wl.example")] });

        var verdict = await engine.JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1", "1.2.0.192.wl.example A 203.0.113.1").Said());

        Assert.Equal(Decision.Defer, verdict.Decision);
    }

    [Theory]
    [InlineData("203.0.113.0/24")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("126.0.0.0/7")]
    [InlineData("0.0.0.0/0")]
    public void A_value_that_no_list_can_mean_is_a_mistake_in_the_profile(string answer)
    {
        var reading = ProfileReader.Read($$"""
            { "summary": "s", "checks": { "refuse-listed": { "mode": "Enforce", "options": { "lists": [ { "zone": "a.example", "answers": [ "{{answer}}" ] } ] } } } }
            """, "test");

        Assert.Contains($"{answer} is not allowed; use addresses in 127.0.0.0/8", Assert.Single(reading.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reply_has_the_lists_name_and_words_and_the_finding_all_lists_with_weights()
    {
        var verdict = await JudgeAsync(Two,
            "1.2.0.192.a.example A 127.0.0.4", "1.2.0.192.b.example A 127.0.0.2", "1.2.0.192.b.example TXT see_https://b.example/192.0.2.1", "1.2.0.192.a.example TXT spam");

        Assert.Equal("550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using a.example: spam; reason=listed id=S1", verdict.Reply!.ToString());
        Assert.Equal(
            "192.0.2.1 is on a.example (127.0.0.4, weight 1: spam) and b.example (127.0.0.2, weight 2: see https://b.example/192.0.2.1); score 3 of 2",
            verdict.Findings[0].Outcome.Reason);
        Assert.Equal([("a.example", 1), ("b.example", 2)], verdict.Findings[0].Outcome.Lists!.Listings.Select(listing => (listing.List.Zone.ToString(), listing.List.Weight)));
    }

    [Theory]
    [InlineData("1.2.0.192.a.example TXT !ServerFailure")]
    [InlineData("1.2.0.192.a.example TXT !NoData")]
    public async Task Without_words_the_entry_stands_all_the_same(string words)
    {
        var verdict = await JudgeAsync("""{ "lists": [ "a.example" ] }""", "1.2.0.192.a.example A 127.0.0.2", words);

        Assert.Equal("550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using a.example: no reason given; reason=listed id=S1", verdict.Reply!.ToString());
    }

    [Fact]
    public async Task The_words_of_a_list_are_hostile()
    {
        var words = "\r\n250_" + new string('ü', 300) + "{ip}";
        var verdict = await JudgeAsync("""{ "lists": [ "a.example" ] }""", "1.2.0.192.a.example A 127.0.0.2", $"1.2.0.192.a.example TXT {words}");

        var line = Assert.Single(verdict.Reply!.Lines);
        Assert.StartsWith("Service unavailable; client host [192.0.2.1] blocked using a.example: ??250 ????", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 200, 300);
        Assert.True(line.All(c => c is >= ' ' and <= '~'));
    }

    [Fact]
    public async Task An_IPv6_client_is_asked_for_by_its_nibbles()
    {
        var resolver = new FakeResolver($"{ReverseName.Below(DomainName.Parse("a.example"), System.Net.IPAddress.Parse("2001:db8::1"))} A 127.0.0.2");

        var verdict = await Scene.Engine(Scene.Alone("refuse-listed", """{ "lists": [ "a.example" ] }""")).JudgeAsync(Stage.Recipient, Scene.Facts("2001:db8::1", resolver).Said());

        Assert.Equal(Decision.Reject, verdict.Decision);
        Assert.Contains(resolver.Asked, question => question.Name.ToString() == "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.a.example");
    }

    [Fact]
    public async Task Lists_are_asked_side_by_side_from_connect_on_and_each_once()
    {
        var resolver = new FakeResolver("1.2.0.192.b.example A 127.0.0.2");
        var held = resolver.Hold("1.2.0.192.a.example", "A");
        var facts = Scene.Facts("192.0.2.1", resolver);
        var engines = new[] { Two, Soft, Some }.Select(options => Scene.Engine(Scene.Alone("refuse-listed", options))).ToList();

        foreach (var engine in engines)
            Assert.True(engine.JudgeAsync(Stage.Connect, facts).IsCompletedSuccessfully);
        Assert.Equal(2, resolver.Asked.Count(question => question.Type == RecordType.A));
        held.SetResult();
        foreach (var engine in engines)
            await engine.JudgeAsync(Stage.Recipient, facts.Said());

        Assert.Equal(2, resolver.Asked.Count(question => question.Type == RecordType.A));
        Assert.Equal(1, resolver.Asked.Count(question => question.Type == RecordType.Txt));
    }

    [Fact]
    public async Task A_profile_may_go_on_without_lists_that_are_out_of_order()
    {
        var engine = Scene.Engine(Scene.Alone("refuse-listed", Two, """, "onTemporaryFailure": "Continue" """));

        var verdict = await engine.JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1", "1.2.0.192.b.example A !TimedOut").Said());

        Assert.False(verdict.IsRefusal);
        Assert.Equal("listed-temp", verdict.Findings[0].Outcome.ReasonId);
    }

    private static Task<Verdict> JudgeAsync(string options, params string[] zone) =>
        Scene.Engine(Scene.Alone("refuse-listed", options)).JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1", zone).Said());
}
