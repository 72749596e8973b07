using Gateway.Policy;
using Spectre.Console;

namespace Gateway.Cli.Explaining;

/// <summary>Shows what each check said, and why.</summary>
internal static class FindingsView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings) =>
        ExplainedLines.Write(console, [.. findings.Select(Line)]);

    // The word says it without colour too; brackets say that it was only written down.
    private static ExplainedLine Line(Finding finding)
    {
        var (word, colour) = finding.Outcome.Decision switch
        {
            Decision.Reject => ("refuse", Color.Red),
            Decision.Defer => ("defer", Color.Yellow),
            Decision.Accept => ("accept", Color.Green),
            _ => ("pass", Color.Green),
        };
        return finding.WouldHaveRefused
            ? new($"({word})", Color.Yellow, finding.Check, $"{finding.Outcome.Reason}; monitored only")
            : new(word, colour, finding.Check, finding.Outcome.Reason);
    }
}
