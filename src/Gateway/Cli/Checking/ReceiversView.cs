using System.Text;
using Gateway.Cli.Explaining;
using Gateway.Policy;
using Gateway.Smtp;
using Spectre.Console;

namespace Gateway.Cli.Checking;

/// <summary>The table of receivers: what each would do, at which stage, and in which words.</summary>
internal static class ReceiversView
{
    private const int Words = 10;

    public static void Write(IAnsiConsole console, IReadOnlyList<Forecast> forecasts)
    {
        var name = forecasts.Max(static forecast => forecast.Profile.Name.Length);
        var width = Math.Max(console.Profile.Width, 40);
        foreach (var forecast in forecasts)
        {
            var (word, colour) = Shown(CheckReport.AnswerOf(forecast));
            console.Write("  ");
            console.Write(new Text(word.PadRight(8), colour));
            if (forecast.Stage is not { } stage)
            {
                console.WriteLine(forecast.Profile.Name);
                continue;
            }
            console.Write($"{forecast.Profile.Name.PadRight(name)}  {Shown(stage),-15}  ");
            console.WriteLine(Origin(forecast), Color.Grey);
            foreach (var line in Lines(forecast.Verdict.Reply!))
                WriteLine(console, line, width);
        }
    }

    // A line of a reply that is broken here goes on further to the right, so that it does not look like the next one.
    private static void WriteLine(IAnsiConsole console, string line, int width)
    {
        var parts = ExplainedLines.Wrapped(line, width - Words - 4).ToList();
        for (var i = 0; i < parts.Count; i++)
            console.WriteLine(new string(' ', i == 0 ? Words : Words + 4) + parts[i]);
    }

    /// <summary>The lines of a reply as they stand on the wire.</summary>
    public static string[] Lines(Reply reply) => Encoding.ASCII.GetString(reply.Wire.Span).TrimEnd().Split("\r\n");

    public static string Shown(Stage stage) => stage switch
    {
        Stage.Connect => "in the greeting",
        Stage.Helo => "to EHLO",
        Stage.Mail => "to MAIL",
        Stage.Recipient => "to RCPT",
        _ => "to the message",
    };

    public static (string Word, Color Colour) Shown(ReceiverAnswer answer) => answer switch
    {
        ReceiverAnswer.Refuse => ("refuse", Color.Red),
        ReceiverAnswer.Defer => ("defer", Color.Yellow),
        _ => ("accept", Color.Green),
    };

    /// <summary>Whose words these are: a profile may leave some to the check.</summary>
    public static TextOrigin OriginOf(Forecast forecast) => forecast.Verdict.HasOwnWords ? forecast.Profile.Text : TextOrigin.NotAuthentic;

    private static string Origin(Forecast forecast) => OriginOf(forecast) switch
    {
        TextOrigin.Authentic => "in its own words",
        TextOrigin.Abridged => "in its own words, abridged",
        _ => "in our words",
    };
}
