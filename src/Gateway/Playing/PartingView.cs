using System.Globalization;
using Gateway.Explaining;
using Gateway.Lab.Conversations;
using Spectre.Console;

namespace Gateway.Playing;

/// <summary>A difference: where in the file, what was expected, what came, and where in the line they part.</summary>
internal static class PartingView
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
            Labelled(console, "  perhaps   ", hint, hint.Length);
    }

    /// <summary>File and line, as editors and compilers write it.</summary>
    public static string Place(Performance performance) =>
        $"{performance.Conversation.Path}:{performance.Difference?.Line?.ToString(CultureInfo.InvariantCulture) ?? "end"}";

    // What is as written stays quiet; what is not stands out.
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
        var words = at == got.Length ? $"here it ends{after}, and more is expected" : $"here they part{(at == 0 ? ", at once" : after)}";
        // Where the line had to be broken, a pointer below it would point at something else.
        return Indent + Math.Max(at + 2 + words.Length, got.Length) <= width
            ? $"{new string(' ', Indent + at)}^ {words}"
            : $"{new string(' ', Indent)}{words}";
    }
}
