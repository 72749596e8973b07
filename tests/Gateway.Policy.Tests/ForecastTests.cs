using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

public sealed class ForecastTests
{
    private const string PtrAndSender = """
        { "summary": "s", "refuseAt": "Connect", "checks": { "require-ptr": "Monitor", "require-fcrdns": "Enforce", "require-sender-domain": "Enforce" } }
        """;

    private static readonly string[] Good = ["192.0.2.1 PTR mail.example.org", "mail.example.org A 192.0.2.1", "example.org MX 10 mail.example.org"];

    [Theory]
    [InlineData("", Stage.Connect, "require-fcrdns", "require-ptr require-fcrdns", "the first refusal ends it")]
    [InlineData("192.0.2.1 PTR mail.example.org;mail.example.org A 192.0.2.1", Stage.Mail, "require-sender-domain",
        "require-ptr require-fcrdns require-sender-domain", "earlier findings explain it too")]
    [InlineData("192.0.2.1 PTR mail.example.org;mail.example.org A 192.0.2.1;example.org MX 10 mx.example.org", null, null,
        "require-ptr require-fcrdns require-sender-domain", "accepted, with all that was asked")]
    public async Task A_forecast_is_the_first_refusal_with_all_findings(string zone, Stage? stage, string? check, string findings, string why)
    {
        var forecast = await ForecastAsync(PtrAndSender, Scene.Facts("192.0.2.1", zone.Split(';', StringSplitOptions.RemoveEmptyEntries)).Said());

        Assert.True(forecast.Stage == stage, $"{why}: {forecast.Stage}");
        Assert.Equal((check, stage is not null), (forecast.Verdict.DecidedBy?.Check, forecast.Verdict.IsRefusal));
        Assert.Equal(findings, string.Join(' ', forecast.Verdict.Findings.Select(finding => finding.Check)));
        Assert.Equal("test", forecast.Profile.Name);
    }

    [Fact]
    public async Task In_a_greeting_nothing_is_told_that_the_client_has_not_said_yet()
    {
        var profile = """
            { "summary": "s", "refuseAt": "Connect", "checks": { "require-ptr": { "mode": "Enforce",
              "reply": { "text": "{ip}|{helo}|{sender}|{domain}|{recipient}|" } } } }
            """;

        var forecast = await ForecastAsync(profile, Scene.Facts("192.0.2.1").Said());

        Assert.Equal("554 192.0.2.1|unknown||||", forecast.Verdict.Reply!.ToString());
    }

    [Fact]
    public async Task An_exempt_client_is_accepted_at_once_and_nothing_is_asked()
    {
        var resolver = new FakeResolver();
        var facts = PolicyFacts.Unasked(System.Net.IPAddress.Loopback, Scene.Sources(resolver), CancellationToken.None).Said();
        var engine = Scene.Engine(Scene.Profile(PtrAndSender), exemptions: new Exemptions());

        var forecast = Assert.Single(await Forecast.OfAllAsync([engine], facts, Scene.Context, CancellationToken.None));

        Assert.Equal((null, Decision.Accept), (forecast.Stage, forecast.Verdict.Decision));
        Assert.Equal("exempt", Assert.Single(forecast.Verdict.Findings).Check);
        Assert.Empty(resolver.Asked);
    }

    [Fact]
    public async Task At_the_end_of_data_postmaster_is_reached()
    {
        var profile = Scene.Profile("""{ "summary": "s", "refuseAt": "Data", "checks": { "require-ptr": "Enforce" } }""");
        var engine = new PolicyEngine(profile, new Exemptions { ExemptPrivate = false });
        var bob = Scene.Facts("192.0.2.1").Said();
        var postmaster = Scene.Facts("192.0.2.1").Said(recipient: "postmaster@gateway.test");
        postmaster.Recipients = [];

        Assert.Equal(Stage.Data, (await Forecast.OfAsync(engine, bob, Scene.Context, CancellationToken.None)).Stage);
        Assert.Null((await Forecast.OfAsync(engine, postmaster, Scene.Context, CancellationToken.None)).Stage);
    }

    [Fact]
    public async Task Any_number_of_receivers_asks_each_question_once()
    {
        var resolver = new FakeResolver(Good);
        PolicyEngine[] engines = [.. BuiltInProfiles.All.SelectMany(profile => Enum.GetValues<Stage>().Select(stage => Scene.Engine(profile, stage)))];

        var forecasts = await Forecast.OfAllAsync(engines, Scene.Facts("192.0.2.1", resolver).Said(helo: "[192.0.2.1]"), Scene.Context, CancellationToken.None);

        Assert.Equal(engines.Select(engine => engine.Profile), forecasts.Select(forecast => forecast.Profile));
        Assert.All(forecasts, forecast => Assert.False(forecast.Verdict.IsRefusal, $"{forecast.Profile.Name}: {forecast.Verdict.Reply}"));
        Assert.Equal(resolver.Asked.Distinct(), resolver.Asked);
    }

    [Fact]
    public async Task Look_ups_of_all_receivers_run_side_by_side()
    {
        var resolver = new FakeResolver(Good);
        var ptr = resolver.Hold("192.0.2.1", "PTR");
        var mx = resolver.Hold("example.org", "MX");

        var forecasts = Forecast.OfAllAsync([Scene.Engine(Scene.Profile(PtrAndSender))], Scene.Facts("192.0.2.1", resolver).Said(), Scene.Context, CancellationToken.None);

        Assert.Equal(2, resolver.Asked.Count);
        ptr.SetResult();
        mx.SetResult();
        Assert.Null(Assert.Single(await forecasts).Stage);
    }

    private static Task<Forecast> ForecastAsync(string profile, PolicyFacts facts) =>
        Forecast.OfAsync(Scene.Engine(Scene.Profile(profile)), facts, Scene.Context, CancellationToken.None);
}
