using Gateway.Policy;
using Spectre.Console;

namespace Gateway.Cli.Explaining;

/// <summary>Shows what each check said, and why. The words say it without colour too.</summary>
internal static class FindingsView
{
    /// <summary>For a connection: what each finding did; brackets say that it was only written down.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings) =>
        ExplainedLines.Write(console, [.. findings.Select(Line)]);

    /// <summary>For a question: what each check has found, whoever may enforce it.</summary>
    public static void WriteAnswers(IAnsiConsole console, IReadOnlyList<Finding> findings) =>
        ExplainedLines.Write(console, [.. findings.Select(static finding =>
            new ExplainedLine(Answer(finding), ColourOf(finding.Outcome.Decision), finding.Check, finding.Outcome.Reason))]);

    /// <summary>Whether a check has something against the client, in one word.</summary>
    public static string Answer(Finding finding) => finding.Outcome.Decision switch
    {
        Decision.Reject => "fails",
        Decision.Defer => "unknown",
        _ => "ok",
    };

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
