using Gateway.Lab.SmartHosts;
using Gateway.Policy;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Conversations;

/// <summary>Compares what a conversation file demands beside the dialogue with what came of it, and tells what it found.</summary>
internal static class Judgements
{
    public const string UsualSmartHost = "the smart host";

    /// <summary>What a smart host holds by now.</summary>
    public static Difference? Of(Step step, IReadOnlyList<CapturedMessage> relayed, string smartHost, Action<string> tell)
    {
        switch (step)
        {
            case Step.Relayed count:
                var got = Counted(relayed.Count);
                return Same(step.Line, Counted(count.Count), got, $"{got} at {smartHost}", tell);
            case Step.RelayedEnvelope or Step.RelayedLine or Step.AbsentLine when relayed.Count == 0:
                return new(step.Line, $"a message at {smartHost}", "none");
            case Step.RelayedEnvelope envelope:
                return Same(step.Line, envelope.Expected, relayed[^1].EnvelopeText, $"envelope: {relayed[^1].EnvelopeText}", tell);
            case Step.RelayedLine line:
                return Among(step.Line, line.Pattern, relayed[^1].UnfoldedLines, "message", tell);
            case Step.AbsentLine line:
                return NotAmong(step.Line, line.Pattern, relayed[^1].UnfoldedLines);
            default:
                return null;
        }
    }

    /// <summary>What is known once the connection has ended; what the scene does not know is passed over.</summary>
    public static async ValueTask<Difference?> AfterwardsAsync(
        Step step, PolicyDecision? decided, IScene scene, Action<string> tell, CancellationToken cancellationToken) => step switch
        {
            Step.Verdict verdict => decided is null ? null : Of(verdict, decided, tell),
            Step.JournalLine line => scene.Journal is { } journal ? Among(line.Line, line.Pattern, journal, "journal", tell) : null,
            Step.UnjournalLine line => scene.Journal is { } journal ? NotAmong(line.Line, line.Pattern, journal) : null,
            _ => await scene.AdviseAsync(cancellationToken) is { } remedy ? Of(step, SessionLines.Of(remedy), tell) : null,
        };

    private static Difference? Of(Step.Verdict verdict, PolicyDecision decided, Action<string> tell)
    {
        var expected = Words(verdict.Decision, verdict.Check);
        var got = Words(decided.Decision, verdict.Check is null && Word(verdict.Decision) == Word(decided.Decision) ? null : decided.Check);
        return Same(verdict.Line, expected, got, $"verdict: {Words(decided.Decision, decided.Check)}", tell);
    }

    private static Difference? Of(Step step, IReadOnlyList<string> advice, Action<string> tell) => step switch
    {
        Step.AdviceLine { Pattern: { } pattern } => Among(step.Line, pattern, advice, "advice", tell),
        Step.AdviceLine => advice.Count == 0 ? null : new(step.Line, "nothing to publish", advice[0]),
        Step.UnadvisedLine line => NotAmong(step.Line, line.Pattern, advice),
        _ => null,
    };

    private static Difference? Same(int line, string expected, string got, string told, Action<string> tell)
    {
        if (expected != got)
            return new(line, expected, SafeText.Visible(got));
        tell(SafeText.Visible(told));
        return null;
    }

    private static Difference? Among(int line, LinePattern pattern, IReadOnlyList<string> lines, string kind, Action<string> tell)
    {
        if (lines.FirstOrDefault(pattern.Matches) is not { } found)
            return new(line, pattern.Text, lines.Count == 0 ? "nothing" : "no such line in:" + string.Concat(lines.Select(text => $"\n    {SafeText.Visible(text)}")));
        // An unfolded header field still has the tabs of its lines.
        tell(SafeText.Visible($"{kind}: {found.Replace('\t', ' ')}"));
        return null;
    }

    private static Difference? NotAmong(int line, LinePattern pattern, IReadOnlyList<string> lines) =>
        lines.FirstOrDefault(pattern.Matches) is { } found ? new(line, $"no line like {pattern.Text}", SafeText.Visible(found)) : null;

    private static string Counted(int messages) => messages switch
    {
        0 => "no message",
        1 => "1 message",
        _ => $"{messages} messages",
    };

    private static string Words(Decision decision, string? check) => check is null ? Word(decision) : $"{Word(decision)} {check}";

    private static string Word(Decision decision) => decision switch
    {
        Decision.Defer => "defer",
        Decision.Reject => "reject",
        _ => "accept",
    };
}
