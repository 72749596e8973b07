using System.Globalization;
using Gateway.Explaining;
using Gateway.Lab.Talking;
using Spectre.Console;

namespace Gateway.Playing;

/// <summary>
/// Shows a dialogue line by line: the time, who speaks, what is said. On a terminal a server's line has the colour of its
/// reply's class, and a long line goes on below its own beginning; in a file or a pipe a line stays a line, for grep and diff.
/// </summary>
/// <param name="console">Where it is shown.</param>
/// <param name="width">Where lines are broken.</param>
internal sealed class DialogueView(IAnsiConsole console, int width)
{
    public DialogueView(IAnsiConsole console) : this(console, WidthOf(console))
    {
    }

    /// <summary>A terminal has a width; a file and a pipe have none.</summary>
    public static int WidthOf(IAnsiConsole console) => console.Profile.Out.IsTerminal ? console.Profile.Width : int.MaxValue;

    public void Write(TranscriptLine line) =>
        Write(line, string.Create(CultureInfo.InvariantCulture, $"{line.At.TotalSeconds,8:F3}  {Mark(line.Speaker)} "));

    /// <summary>Without the time.</summary>
    public void WriteBriefly(TranscriptLine line) => Write(line, $"  {Mark(line.Speaker)} ");

    private void Write(TranscriptLine line, string start)
    {
        var style = new Style(ColourOf(line));
        var column = start.Length;
        // Breaking takes spaces at the end away; a line that is not to be broken keeps what was said.
        foreach (var piece in width == int.MaxValue ? [line.Text] : ExplainedLines.Wrapped(line.Text, Math.Max(width - column - 1, 24)))
        {
            if (console.Profile.Out.IsTerminal)
            {
                console.Write(new Text(start, Color.Grey));
                console.Write(new Text(piece, style));
                console.WriteLine();
            }
            else
                console.Profile.Out.Writer.WriteLine(start + piece);
            start = new string(' ', column);
        }
        console.Profile.Out.Writer.Flush();
    }

    public static string Mark(Speaker speaker) => speaker switch
    {
        Speaker.Client => "C:",
        Speaker.Server => "S:",
        _ => "@ ",
    };

    /// <summary>Null where the terminal's own colour is best.</summary>
    public static Color? ColourOf(TranscriptLine line) => line.Speaker switch
    {
        Speaker.Stage => Color.Grey,
        Speaker.Client => Color.Teal,
        _ => line.Text switch
        {
            ['2' or '3', ..] => Color.Green,
            ['4', ..] => Color.Yellow,
            ['5', ..] => Color.Red,
            _ => null,
        },
    };
}
