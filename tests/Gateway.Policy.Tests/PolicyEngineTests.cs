namespace Gateway.Policy.Tests;

public sealed class PolicyEngineTests
{
    private const string PtrAndSender = """{ "summary": "s", "checks": { "require-ptr": "Enforce", "require-sender-domain": "Enforce" } }""";

    [Theory]
    [InlineData(Stage.Connect, Stage.Connect)]
    [InlineData(Stage.Helo, Stage.Helo)]
    [InlineData(Stage.Mail, Stage.Mail)]
    [InlineData(Stage.Recipient, Stage.Recipient)]
    [InlineData(Stage.Data, Stage.Data)]
    public async Task A_refusal_is_spoken_where_the_listener_says(Stage refuseAt, Stage expected)
    {
        var (stage, verdict) = await Scene.Engine(Scene.Profile(PtrAndSender), refuseAt).JudgeAllAsync(Scene.Facts("192.0.2.1").Said());

        Assert.True(verdict.IsRefusal);
        Assert.Equal(expected, stage);
    }

    [Fact]
    public async Task What_cannot_be_judged_yet_is_spoken_at_its_own_stage()
    {
        var facts = Scene.Facts("192.0.2.1", "192.0.2.1 PTR a.example").Said(sender: "ann@nowhere.example");

        var (stage, verdict) = await Scene.Engine(Scene.Profile(PtrAndSender), Stage.Connect).JudgeAllAsync(facts);

        Assert.Equal(Stage.Mail, stage);
        Assert.Equal("require-sender-domain", verdict.DecidedBy!.Check);
    }

    [Fact]
    public async Task Before_the_stage_of_refusal_nothing_is_awaited()
    {
        var resolver = new FakeResolver();
        var held = resolver.Hold("192.0.2.1", "PTR");
        var facts = Scene.Facts("192.0.2.1", resolver).Said();
        var engine = Scene.Engine(BuiltInProfiles.Named("standard"));

        foreach (var stage in new[] { Stage.Connect, Stage.Helo, Stage.Mail })
            Assert.True(engine.JudgeAsync(stage, facts).IsCompletedSuccessfully);
        var judging = engine.JudgeAsync(Stage.Recipient, facts);
        Assert.False(judging.IsCompleted);
        held.SetResult();

        Assert.Equal(Decision.Reject, (await judging).Decision);
    }

    [Fact]
    public void The_senders_domain_is_being_looked_up_while_the_client_goes_on()
    {
        var resolver = new FakeResolver("192.0.2.1 PTR a.example");
        var facts = Scene.Facts("192.0.2.1", resolver).Said();

        Assert.True(Scene.Engine(Scene.Profile(PtrAndSender)).JudgeAsync(Stage.Mail, facts).IsCompletedSuccessfully);

        Assert.Contains(resolver.Asked, question => question.Name.ToString() == "example.org");
    }

    [Fact]
    public void With_the_facts_there_a_verdict_is_there_at_once()
    {
        var facts = Scene.Facts("192.0.2.1", "192.0.2.1 PTR a.example").Said();

        Assert.True(Scene.Engine(BuiltInProfiles.Named("strict")).JudgeAsync(Stage.Recipient, facts).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_first_refusal_decides_and_the_rest_is_not_asked()
    {
        var verdict = await Scene.Engine(BuiltInProfiles.Named("strict")).JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1").Said());

        Assert.Equal("require-ptr", Assert.Single(verdict.Findings).Check);
    }

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("2001:db8::1", false)]
    public async Task Each_address_family_has_its_own_mode(string address, bool isRefused)
    {
        var engine = Scene.Engine(Scene.Profile("""{ "summary": "s", "checks": { "require-ptr": { "mode": "Enforce", "ipv6": "Monitor" } } }"""));

        var verdict = await engine.JudgeAsync(Stage.Recipient, Scene.Facts(address).Said());

        Assert.Equal(isRefused, verdict.IsRefusal);
        Assert.Equal(!isRefused, verdict.Findings.Single().WouldHaveRefused);
    }

    [Fact]
    public async Task A_check_that_is_off_is_not_asked()
    {
        var engine = Scene.Engine(Scene.Profile("""{ "summary": "s", "checks": { "require-ptr": "Off" } }"""));

        Assert.Empty((await engine.JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1").Said())).Findings);
    }

    [Fact]
    public async Task A_profile_may_let_temporary_failures_through_and_the_finding_says_so()
    {
        var engine = Scene.Engine(Scene.Profile("""{ "summary": "s", "checks": { "require-ptr": { "mode": "Enforce", "onTemporaryFailure": "Continue" } } }"""));

        var verdict = await engine.JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1", "192.0.2.1 PTR !Refused").Said());

        Assert.False(verdict.IsRefusal);
        Assert.Equal("rdns-temp", verdict.Findings.Single().Outcome.ReasonId);
        Assert.EndsWith("accepted all the same, because of onTemporaryFailure in the profile", verdict.Findings.Single().Outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_engines_judge_the_same_client_each_in_its_own_way()
    {
        var facts = Scene.Facts("192.0.2.1", "192.0.2.1 PTR liar.example", "example.org MX 10 mx.example.org").Said();

        foreach (var (profile, isRefused) in new[] { ("standard", false), ("fcrdns", true), ("ptr", false), ("strict", true), ("standard", false) })
            Assert.Equal(isRefused, (await Scene.Engine(BuiltInProfiles.Named(profile)).JudgeAsync(Stage.Recipient, facts)).IsRefusal);
    }

    [Fact]
    public async Task In_the_greeting_the_code_is_554_without_status_and_the_last_line_says_why()
    {
        var verdict = await Scene.Engine(BuiltInProfiles.Named("ptr"), Stage.Connect).JudgeAsync(Stage.Connect, Scene.Facts("192.0.2.1"));

        Assert.Equal((554, null), (verdict.Reply!.Code, verdict.Reply.Status));
        Assert.Equal(
        [
            "mx.gateway.test does not accept mail from [192.0.2.1]",
            "Reverse DNS required: no PTR record found for [192.0.2.1], publish one that names your mail server; reason=rdns-none id=S1",
        ], verdict.Reply.Lines);
    }

    [Fact]
    public async Task In_the_greeting_temporary_trouble_is_421()
    {
        foreach (var temporaryReply in new[] { "", """, "temporaryReply": { "code": 450, "text": "later" }""" })
        {
            var profile = Scene.Profile($$"""{ "summary": "s", "checks": { "require-ptr": { "mode": "Enforce" {{temporaryReply}} } } }""");
            var verdict = await Scene.Engine(profile, Stage.Connect).JudgeAsync(Stage.Connect, Scene.Facts("192.0.2.1", "192.0.2.1 PTR !TimedOut"));

            Assert.Equal(421, verdict.Reply!.Code);
            Assert.Equal(Decision.Defer, verdict.Decision);
        }
    }

    [Fact]
    public async Task An_answer_to_HELO_has_no_enhanced_status()
    {
        var verdict = await Scene.Engine(BuiltInProfiles.Named("ptr"), Stage.Helo).JudgeAsync(Stage.Helo, Scene.Facts("192.0.2.1").Said());

        Assert.Equal((550, null), (verdict.Reply!.Code, verdict.Reply.Status));
    }

    [Fact]
    public async Task A_message_that_was_let_in_for_postmaster_is_not_refused_after_DATA()
    {
        var engine = new PolicyEngine(BuiltInProfiles.Named("strict"), new Exemptions());
        var facts = Scene.Facts("192.0.2.1").Said(recipient: "postmaster@gateway.test");

        var (_, verdict) = await engine.JudgeAllAsync(facts);

        Assert.False(verdict.IsRefusal);
    }
}
