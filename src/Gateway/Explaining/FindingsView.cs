using Gateway.Policy;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Explaining;

/// <summary>Shows what each check said, and why. The words say it without colour too.</summary>
internal static class FindingsView
{
    /// <summary>For a connection: what each finding did; brackets say that it was only written down.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings) =>
        ExplainedLines.Write(console, [.. findings.Select(Line)]);

    /// <summary>For a question: what each check has found, whoever may enforce it.</summary>
    public static void WriteAnswers(IAnsiConsole console, IReadOnlyList<Finding> findings) =>
        ExplainedLines.Write(console, [.. findings.Select(AnswerLine)]);

    /// <summary>The same in short: checks that say the same stand together, and of what is right the names are enough.</summary>
    public static void WriteAnswersInShort(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
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
        ? new("-", null, finding.Check, $"nothing to look at: {finding.Outcome.Reason}")
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
