using Gateway.Dns;

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
        { "an error code is no entry", Two, "1.2.0.192.b.example A 127.255.255.254", Decision.Defer },
        { "an error code beside an entry", Two, "1.2.0.192.b.example A 127.0.0.2;1.2.0.192.b.example A 127.255.255.252", Decision.Defer },
        { "no value of a list", Two, "1.2.0.192.b.example A 203.0.113.1", Decision.Continue },
        { "a value beside one of no list", Two, "1.2.0.192.b.example A 203.0.113.1;1.2.0.192.b.example A 127.0.0.2", Decision.Reject },
        { "let through", Allowing, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.wl.example A 127.0.0.2", Decision.Continue },
        { "perhaps let through", Allowing, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.wl.example A !ServerFailure", Decision.Defer },
        { "nothing to be let through from", Allowing, "1.2.0.192.wl.example A !ServerFailure", Decision.Continue },
        { "let through whatever the silent list would say", Allowing, "1.2.0.192.a.example A !TimedOut;1.2.0.192.wl.example A 127.0.0.2", Decision.Continue },
        { "a list that speaks for the client", Soft, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.b.example A 127.0.0.2", Decision.Continue },
        { "one that might speak for the client", Soft, "1.2.0.192.a.example A 127.0.0.2;1.2.0.192.b.example A !Malformed", Decision.Defer },
        { "a value that counts", Some, "1.2.0.192.a.example A 127.0.1.77", Decision.Reject },
        { "a value that does not count", Some, "1.2.0.192.a.example A 127.0.0.3", Decision.Continue },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Lists_are_weighed(string why, string options, string zone, Decision expected)
    {
        var verdict = await JudgeAsync(options, zone.Split(';', StringSplitOptions.RemoveEmptyEntries));

        Assert.True(verdict.Decision == expected, $"{why}: {verdict.Decision}, {verdict.Findings[0].Outcome.Reason}");
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
