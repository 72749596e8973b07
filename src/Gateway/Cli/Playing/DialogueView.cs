using System.Globalization;
using Gateway.Cli.Explaining;
using Gateway.Lab;
using Spectre.Console;

namespace Gateway.Cli.Playing;

/// <summary>
/// Shows a dialogue line by line: the time, who speaks, what is said. On a terminal a server's line has the colour of its
/// reply's class, and a long line goes on below its own beginning; elsewhere a line stays a line, for grep and diff.
/// </summary>
internal sealed class DialogueView(IAnsiConsole console)
{
    // "   0.012  S: "
    private const int Column = 13;

    public void Write(TranscriptLine line)
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"{line.At.TotalSeconds,8:F3}  {Mark(line.Speaker)} ");
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Out.Writer.WriteLine(start + line.Text);
            console.Profile.Out.Writer.Flush();
            return;
        }
        var style = new Style(ColourOf(line));
        foreach (var piece in ExplainedLines.Wrapped(line.Text, Math.Max(console.Profile.Width - Column - 1, 24)))
        {
            console.Write(new Text(start, Color.Grey));
            console.Write(new Text(piece, style));
            console.WriteLine();
            start = new string(' ', Column);
        }
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
