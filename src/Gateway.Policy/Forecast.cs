using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;

namespace Gateway.Policy;

/// <summary>What a receiver would say to a client, worked out without a session.</summary>
/// <param name="Profile">The receiver.</param>
/// <param name="Stage">Where its first refusal would be spoken; null when it would accept.</param>
/// <param name="Verdict">The refusal in its exact words, or the acceptance, with the findings of all stages up to there.</param>
public sealed record Forecast(Profile Profile, Stage? Stage, Verdict Verdict)
{
    /// <summary>
    /// Judges every stage in order, as a session that says what the facts hold would be judged. Facts serve any number of
    /// engines, and what one has looked up the next one does not ask again; but one engine after the other, for facts are
    /// not for concurrent use.
    /// </summary>
    public static async Task<Forecast> OfAsync(
        PolicyEngine engine, PolicyFacts facts, ReplyContext context, CancellationToken cancellationToken)
    {
        if (facts is { Recipients.Count: 0, Recipient: { } recipient })
            facts.Recipients = [recipient];
        var findings = new List<Finding>();
        var last = new Verdict(Decision.Continue, null, null, []);
        foreach (var stage in Enum.GetValues<Stage>())
        {
            var verdict = await engine.JudgeAsync(stage, facts, context, cancellationToken);
            // Each check is judged at one stage only; an exemption shows at several.
            findings.AddRange(verdict.Findings.Except(findings).ToList());
            if (verdict.IsRefusal)
                return new(engine.Profile, stage, verdict with { Findings = findings });
            if (verdict.Findings.Count > 0)
                last = verdict;
        }
        return new(engine.Profile, null, last with { Findings = findings });
    }

    /// <summary>What each of several receivers would say. All look-ups that any of them needs run side by side, each once.</summary>
    public static async Task<IReadOnlyList<Forecast>> OfAllAsync(
        IReadOnlyList<PolicyEngine> engines, PolicyFacts facts, ReplyContext context, CancellationToken cancellationToken)
    {
        foreach (var engine in engines)
            engine.Prepare(facts);
        var forecasts = new List<Forecast>(engines.Count);
        foreach (var engine in engines)
            forecasts.Add(await OfAsync(engine, facts, context, cancellationToken));
        return forecasts;
    }
}
