using Spectre.Console;

namespace Gateway.Explaining;

/// <summary>One thing that is explained: a short mark, what it is about, and a sentence.</summary>
internal sealed record ExplainedLine(string Mark, Color? Colour, string Label, string Text);

/// <summary>
/// Marks, labels and sentences under each other. No frame, so that names can be copied; a label that is too long for its
/// column has a line of its own, as in the help of many programs; sentences are broken between words.
/// </summary>
internal static class ExplainedLines
{
    private const int Indent = 2;
    private const int Gap = 2;
    private const int LeastText = 24;

    public static void Write(IAnsiConsole console, IReadOnlyList<ExplainedLine> lines)
    {
        if (lines.Count == 0)
            return;
        var width = Math.Max(console.Profile.Width, 40);
        var mark = lines.Max(line => line.Mark.Length);
        var start = Indent + mark + Gap;
        var room = Math.Max(width - start - Gap, LeastText);
        var most = room * 9 / 20;
        var label = lines.Select(line => line.Label.Length).Where(length => length <= most).DefaultIfEmpty(0).Max();
        foreach (var line in lines)
        {
            console.Write(new string(' ', Indent));
            console.Write(new Text(line.Mark.PadRight(mark + Gap), line.Colour));
            var isLong = line.Label.Length > label;
            console.Write(isLong ? line.Label + Environment.NewLine : line.Label.PadRight(label + Gap));
            // Under a long label the sentence stands where the others stand, if that leaves enough room for it.
            var column = start + (label > 0 ? label + Gap : Gap);
            WriteHanging(console, line.Text, column, width - column, startsLine: isLong);
        }
    }

    /// <summary>Writes a sentence from a column on; all its lines but the first begin there.</summary>
    public static void WriteHanging(IAnsiConsole console, string text, int column, int width, bool startsLine)
    {
        foreach (var line in Wrapped(text, Math.Max(width, LeastText)))
        {
            if (startsLine)
                console.Write(new string(' ', column));
            console.WriteLine(line);
            startsLine = true;
        }
    }

    /// <summary>Broken between words; a word that is longer than the line is cut. An empty text is one empty line.</summary>
    public static IEnumerable<string> Wrapped(string text, int width)
    {
        var rest = text.AsMemory().TrimEnd(' ');
        while (rest.Length > width)
        {
            var space = rest.Span[..(width + 1)].LastIndexOf(' ');
            var end = space > 0 ? space : width;
            yield return rest[..end].TrimEnd(' ').ToString();
            rest = rest[end..].TrimStart(' ');
        }
        yield return rest.ToString();
    }
}
