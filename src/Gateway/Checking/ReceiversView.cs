using Gateway.Explaining;
using Gateway.Policy;
using Gateway.Policy.Profiles;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>Shows what each receiver would do: with stage and reply if it refuses or defers, as one list of names if it accepts.</summary>
internal static class ReceiversView
{
    private const int Column = 6;
    private const int Further = 4;

    public static void Write(IAnsiConsole console, IReadOnlyList<Forecast> forecasts)
    {
        var refusals = forecasts.Where(static forecast => forecast.Stage is not null).ToList();
        var name = refusals.Select(static forecast => forecast.Profile.Name.Length).DefaultIfEmpty(0).Max();
        // Many receivers have no reply of their own. Those with the same reply are listed together above it, each with its stage.
        foreach (var group in refusals.GroupBy(static forecast => (CheckReport.AnswerOf(forecast), Words: ForecastWords.Of(forecast))))
        {
            foreach (var forecast in group)
                WriteReceiver(console, forecast, name);
            foreach (var line in group.Key.Words!.Split("\r\n"))
                WriteLine(console, line, Math.Max(console.Profile.Width, 40));
        }
        WriteNames(console, forecasts.Where(static forecast => forecast.Stage is null));
    }

    /// <summary>Writes one line of names for each answer, without stages and replies.</summary>
    public static void WriteNames(IAnsiConsole console, IEnumerable<Forecast> forecasts)
    {
        foreach (var group in forecasts.GroupBy(CheckReport.AnswerOf))
        {
            var (word, colour) = Shown(group.Key);
            console.Write("  ");
            console.Write(new Text(word.PadRight(8), colour));
            ExplainedLines.WriteHanging(
                console, string.Join(", ", group.Select(static forecast => forecast.Profile.Name)), 10, console.Profile.Width - 10, startsLine: false);
        }
    }

    private static void WriteReceiver(IAnsiConsole console, Forecast forecast, int width)
    {
        var (word, colour) = Shown(CheckReport.AnswerOf(forecast));
        console.Write("  ");
        console.Write(new Text(word.PadRight(8), colour));
        console.Write($"{forecast.Profile.Name.PadRight(width)}  {Shown(forecast.Stage!.Value),-15}  ");
        console.WriteLine(Origin(forecast), Color.Grey);
    }

    // The continuation of a long reply line is indented further, so that it does not look like the next line of the reply.
    private static void WriteLine(IAnsiConsole console, string line, int width)
    {
        var column = Column;
        foreach (var part in ExplainedLines.Wrapped(line, line.Length <= width - Column ? line.Length : width - Column - Further))
        {
            console.WriteLine(new string(' ', column) + part);
            column = Column + Further;
        }
    }

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

    private static string Origin(Forecast forecast) => ForecastWords.OriginOf(forecast) switch
    {
        TextOrigin.Authentic => "in its own words",
        TextOrigin.Abridged => "in its own words, abridged",
        _ => "in Gateway's words",
    };
}
