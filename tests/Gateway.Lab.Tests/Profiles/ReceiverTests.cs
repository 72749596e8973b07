using System.Collections.Concurrent;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Lab.Dns;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Server.Configuration;
using Gateway.Tests;

namespace Gateway.Lab.Tests.Profiles;

/// <summary>Every profile over the whole inbound stack, against the same clients: stage, code and words as receivers.txt has them.</summary>
public sealed class ReceiverTests
{
    private static readonly ProfileLibrary Library = ProfileLibrary.Load(folder: null);
    // The table and the forecast are about the same sessions.
    private static readonly ConcurrentDictionary<(string Profile, string Client), Task<Answer>> Heard = new();

    private static readonly StagedTime Time = new(new(2006, 3, 6, 10, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> Profiles => [.. Library.Names];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_receiver_says_to_each_client_what_the_table_says(string name)
    {
        var answers = new List<(TestClient, Answer)>();
        foreach (var client in TestClient.All)
            answers.Add((client, await HearAsync(name, client)));

        var block = ReceiverTable.Block(Library.Find(name)!, answers);

        Assert.True(ReceiverTable.Expected.GetValueOrDefault(name) == block, $"receivers.txt does not say this:\n\n{block}\n");
        Assert.All(answers, one => Assert.False(one.Item1.IsTemporary && one.Item2.Reply.StartsWith('5'), $"the DNS failed: {one}"));
    }

    private static Task<Answer> HearAsync(string name, TestClient client) =>
        Heard.GetOrAdd((name, client.Name), static (_, session) => ReceiverSession.PlayAsync(session.name, session.client), (name, client));

    [Fact]
    public void The_table_has_no_receivers_that_do_not_exist() =>
        Assert.Equal(Library.Names, ReceiverTable.Expected.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_receiver_accepts_the_client_of_KB300171_when_it_is_cured()
    {
        var cured = TestClient.All.Single(client => client.Name == "cured");
        var (forecasts, _) = await ForecastAsync([.. Library.Profiles.Select(Engine)], cured);

        Assert.All(forecasts, forecast => Assert.False(forecast.Verdict.IsRefusal, $"{forecast.Profile.Name}: {forecast.Verdict.Reply}"));
    }

    // Row 9 of KB300171: who cannot look a client up knows nothing against it.
    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task No_receiver_refuses_for_good_while_the_DNS_is_in_trouble(string name)
    {
        var cured = TestClient.All.Single(client => client.Name == "cured");
        foreach (var trouble in new[] { "servfail", "drop", "lame", "wrong-id", "refuse", "malformed" })
            foreach (var who in new[] { "76.61.54.209.in-addr.arpa", "mail.source.com", "source.com" })
            {
                Assert.True(FaultChange.TryParse($"{who} {trouble}", out var fault));
                var answer = await ReceiverSession.PlayAsync(name, cured, fault);
                Assert.False(answer.Reply.StartsWith('5'), $"{fault}: {answer}");
                // Who would refuse a client without PTR record must have asked, and put this one off.
                if (who.EndsWith("arpa", StringComparison.Ordinal) && Demands(name, "require-ptr"))
                    Assert.StartsWith("4", answer.Reply, StringComparison.Ordinal);
            }
    }

    private static bool Demands(string name, string check) => Library.Find(name)!.Checks
        .Any(rule => rule.Check.Name == check && rule.ModeFor(isIPv6: false) == CheckMode.Enforce && rule.OnTemporaryFailure == OnTemporaryFailure.Defer);

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_forecast_says_exactly_what_the_session_heard(string name)
    {
        var engine = Engine(Library.Find(name)!);
        foreach (var client in TestClient.All)
        {
            var heard = await HearAsync(name, client);

            var context = new ReplyContext("mx.gateway.test", heard.Id);
            var forecast = await Forecast.OfAsync(engine, Facts(client, Zones()), context, TestContext.Current.CancellationToken);

            Assert.Equal((client.Name, heard.Stage), (client.Name, forecast.Stage));
            Assert.Equal(heard.Reply, forecast.Verdict.Reply is { } reply ? System.Text.Encoding.ASCII.GetString(reply.Wire.Span) : "");
        }
    }

    [Fact]
    public async Task The_whole_table_for_one_client_takes_the_look_ups_of_one_receiver()
    {
        PolicyEngine[] engines = [.. Library.Profiles.Select(Engine)];
        Assert.True(engines.Length >= 30);
        foreach (var client in TestClient.All)
        {
            var (forecasts, asked) = await ForecastAsync(engines, client);
            var (_, askedByOne) = await ForecastAsync([Engine(OneWithAllChecks())], client);

            Assert.Equal(engines.Length, forecasts.Count);
            Assert.Equal(Sorted(askedByOne), Sorted(asked));
            Assert.InRange(asked.Count, 3, 12);
        }
    }

    private static async Task<(IReadOnlyList<Forecast> Forecasts, List<DnsQuestion> Asked)> ForecastAsync(
        IReadOnlyList<PolicyEngine> engines, TestClient client)
    {
        var resolver = new CountingResolver(Zones());
        var context = new ReplyContext("mx.gateway.test", "S1");
        var forecasts = await Forecast.OfAllAsync(engines, Facts(client, resolver), context, TestContext.Current.CancellationToken);
        return (forecasts, resolver.Questions);
    }

    /// <summary>Everything that any receiver asks, asked by one.</summary>
    private static Profile OneWithAllChecks()
    {
        var checks = Library.Profiles.SelectMany(profile => profile.Checks).Select(rule => rule.Check.Name).Distinct()
            .Select(check => check == "refuse-denied" ? $$"""
                "{{check}}": { "mode": "Monitor", "options": { "names": [ "isp.example" ] } }
                """ : $"\"{check}\": \"Monitor\"");
        var json = $$"""{ "summary": "s", "checks": { {{string.Join(", ", checks)}} } }""";
        return ProfileReader.Read(json, "all").Profile!;
    }

    private static IEnumerable<string> Sorted(IEnumerable<DnsQuestion> questions) =>
        questions.Select(question => $"{question.Name} {question.Type}").Order(StringComparer.Ordinal);

    private static PolicyEngine Engine(Profile profile) => new(profile, new Exemptions { ExemptPrivate = false });

    private static ZoneResolver Zones()
    {
        var (zones, faults) = LabZones.Load([]);
        return new ZoneResolver(zones, faults, Time);
    }

    private static PolicyFacts Facts(TestClient client, IDnsResolver resolver) =>
        client.Facts(new FactSources(resolver, new(), Time));

    private sealed class CountingResolver(IDnsResolver inner) : IDnsResolver
    {
        public List<DnsQuestion> Questions { get; } = [];

        public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            Questions.Add(question);
            return inner.ResolveAsync(question, cancellationToken);
        }
    }
}
