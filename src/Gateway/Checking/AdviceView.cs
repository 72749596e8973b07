using Gateway.Explaining;
using Gateway.Policy.Advising;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>Shows what to publish, and what is correct already. A record is never broken over two lines, so that it can be copied.</summary>
internal static class AdviceView
{
    private const string Indent = "      ";
    private const string Gap = "   ";

    public static void Write(IAnsiConsole console, Remedy remedy)
    {
        foreach (var advice in remedy.Advice)
        {
            if (advice.Record is { } record)
            {
                WriteRecord(console, record);
                Hanging(console, $"must be published by {advice.Publisher}");
                Hanging(console, advice.Reason);
            }
            else
            {
                console.Write("  - ");
                ExplainedLines.WriteHanging(console, advice.Reason, 4, console.Profile.Width - 4, startsLine: false);
            }
        }
        if (remedy.Advice.Count == 0)
            console.WriteLine("  Nothing needs to change.", Color.Green);
    }

    /// <summary>Writes each record with its meaning after it, or below it where the line is too short.</summary>
    public static void WriteStanding(IAnsiConsole console, IReadOnlyList<StandingRecord> standing)
    {
        foreach (var row in standing)
        {
            console.Write(new Text("  ok  ", Color.Green));
            var fits = Indent.Length + row.Record.Length + Gap.Length + row.Meaning.Length <= console.Profile.Width;
            console.WriteLine(fits ? row.Record + Gap + row.Meaning : row.Record);
            if (!fits)
                Hanging(console, row.Meaning);
        }
    }

    /// <summary>Writes the names that differ from the PTR name.</summary>
    public static void WriteNames(IAnsiConsole console, IReadOnlyList<NameComparison> names)
    {
        foreach (var name in names.Where(static name => !name.Agrees))
        {
            console.Write(new Text("  -   ", Color.Yellow));
            ExplainedLines.WriteHanging(console, name.Meaning, Indent.Length, console.Profile.Width - Indent.Length, startsLine: false);
        }
    }

    // Not wrapped here: a narrow terminal wraps the line itself, and still copies it as one line.
    private static void WriteRecord(IAnsiConsole console, string record)
    {
        if (record.Length + 2 > console.Profile.Width)
            console.Profile.Out.Writer.WriteLine($"  {record}");
        else
            console.WriteLine($"  {record}", new Style(decoration: Decoration.Bold));
    }

    private static void Hanging(IAnsiConsole console, string text) =>
        ExplainedLines.WriteHanging(console, text, Indent.Length, console.Profile.Width - Indent.Length, startsLine: true);
}
