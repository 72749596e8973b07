using Gateway.Policy;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Explaining;

/// <summary>Shows the result of each check and its reason. The words are enough without colour.</summary>
internal static class FindingsView
{
    /// <summary>Writes the findings of a connection. Brackets mark a check in Monitor mode.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings) =>
        ExplainedLines.Write(console, [.. findings.Select(Line)]);

    /// <summary>Writes what each check found, for <c>gateway check</c>, where no mode applies.</summary>
    public static void WriteAnswers(IAnsiConsole console, IReadOnlyList<Finding> findings) =>
        ExplainedLines.Write(console, [.. findings.Select(AnswerLine)]);

    /// <summary>
    /// Writes the same in short: checks with the same finding share a line, checks without a fault are only named, or counted if there is no fault at all.
    /// </summary>
    public static void WriteAnswersInShort(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        var right = findings.Where(static finding => CheckFindings.AnswerOf(finding) == "ok").Select(static finding => finding.Check).Distinct().Count();
        if (right > 0 && findings.All(static finding => CheckFindings.AnswerOf(finding) is "ok" or "nothing"))
        {
            ExplainedLines.Write(console, [new("ok", Color.Green, "", $"{right} check{(right == 1 ? "" : "s")} found nothing wrong (--details lists all checks)")]);
            return;
        }
        ExplainedLines.Write(console, [.. findings.GroupBy(static finding => (Answer: CheckFindings.AnswerOf(finding), Reason: CheckFindings.AnswerOf(finding) == "ok" ? "" : finding.Outcome.Reason))
            .OrderBy(static group => group.Key.Answer switch { "fails" => 0, "unknown" => 1, "ok" => 2, _ => 3 })
            .Select(static group =>
            {
                var names = string.Join(", ", group.Select(static finding => finding.Check).Distinct());
                var mark = AnswerLine(group.First());
                return new ExplainedLine(mark.Mark, mark.Colour, "", group.Key.Reason.Length == 0 ? names : $"{names}: {group.Key.Reason}");
            })]);
    }

    private static ExplainedLine AnswerLine(Finding finding) => CheckFindings.AnswerOf(finding) is "nothing"
        ? new("-", null, finding.Check, $"does not apply: {finding.Outcome.Reason}")
        : new(CheckFindings.AnswerOf(finding), ColourOf(finding.Outcome.Decision), finding.Check, finding.Outcome.Reason);

    private static ExplainedLine Line(Finding finding)
    {
        var word = finding.Outcome.Decision switch
        {
            Decision.Reject => "refuse",
            Decision.Defer => "defer",
            Decision.Accept => "accept",
            _ => "pass",
        };
        return finding.WouldHaveRefused
            ? new($"({word})", Color.Yellow, finding.Check, $"{finding.Outcome.Reason}; monitored only")
            : new(word, ColourOf(finding.Outcome.Decision), finding.Check, finding.Outcome.Reason);
    }

    private static Color ColourOf(Decision decision) => decision switch
    {
        Decision.Reject => Color.Red,
        Decision.Defer => Color.Yellow,
        _ => Color.Green,
    };
}
