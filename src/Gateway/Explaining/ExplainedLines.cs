using Spectre.Console;

namespace Gateway.Explaining;

/// <summary>One line of a list: a short mark, a label, and a sentence.</summary>
internal sealed record ExplainedLine(string Mark, Color? Colour, string Label, string Text);

/// <summary>
/// Writes marks, labels and sentences in columns. There is no frame, so that names can be copied. A label that is too long for its
/// column gets its own line, as in the help of many programs. Sentences are broken between words.
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
            // The sentence below a long label begins in the same column as the others, if there is enough room for it.
            var column = start + (label > 0 ? label + Gap : Gap);
            WriteHanging(console, line.Text, column, width - column, startsLine: isLong);
        }
    }

    /// <summary>Writes a sentence whose lines, except the first, begin in the given column.</summary>
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

    /// <summary>Breaks a text between words, and cuts a word that is longer than the line. An empty text gives one empty line.</summary>
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
