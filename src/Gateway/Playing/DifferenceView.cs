using System.Globalization;
using Gateway.Explaining;
using Gateway.Lab.Conversations;
using Spectre.Console;

namespace Gateway.Playing;

/// <summary>Shows a difference: its line in the file, what was expected, what was received, and where in the line they differ.</summary>
internal static class DifferenceView
{
    private const int Indent = 12;
    private const int Shown = 24;

    public static void Write(IAnsiConsole console, Performance performance)
    {
        if (performance.Difference is not { } difference)
            return;
        console.WriteLine();
        console.Write(new Text("  DIFFERENCE", new Style(Color.Red, decoration: Decoration.Bold)));
        console.Profile.Out.Writer.WriteLine($" at {Place(performance)}");
        Labelled(console, "  expected  ", difference.Expected, difference.Expected.Length);
        Labelled(console, "  got       ", difference.Got, difference.PartsAt ?? 0);
        if (difference.PartsAt is { } at)
            console.WriteLine(Pointer(difference.Got, at, console.Profile.Width), Color.Red);
        if (difference.Hint is { } hint)
            Labelled(console, "  hint      ", hint, hint.Length);
    }

    /// <summary>File and line, in the form that editors and compilers use.</summary>
    public static string Place(Performance performance) =>
        $"{performance.Conversation.Path}:{performance.Difference?.Line?.ToString(CultureInfo.InvariantCulture) ?? "end"}";

    // The equal part of the line keeps its colour; the different part is red.
    private static void Labelled(IAnsiConsole console, string label, string text, int alike)
    {
        console.Write(label);
        var width = Math.Max(console.Profile.Width - Indent, Indent);
        var begun = false;
        foreach (var line in text.Split('\n').SelectMany(line => ExplainedLines.Wrapped(line, console.Profile.Out.IsTerminal ? width : int.MaxValue)))
        {
            if (begun)
                console.Write(new string(' ', Indent));
            var quiet = Math.Clamp(alike, 0, line.Length);
            console.Write(new Text(line[..quiet]));
            console.WriteLine(line[quiet..], Color.Red);
            alike -= quiet;
            begun = true;
        }
    }

    private static string Pointer(string got, int at, int width)
    {
        var after = at == 0 ? "" : $" after \"{(at > Shown ? "…" : "")}{got[Math.Max(0, at - Shown)..at]}\"";
        var words = at == got.Length ? $"the line ends here{after}, but more is expected" : $"the difference begins here{(at == 0 ? "" : after)}";
        // If the line was broken, a pointer below it would point at the wrong place.
        return Indent + Math.Max(at + 2 + words.Length, got.Length) <= width
            ? $"{new string(' ', Indent + at)}^ {words}"
            : $"{new string(' ', Indent)}{words}";
    }
}
