using System.Globalization;
using Gateway.Dns;
using Gateway.Policy.Facts;
using Spectre.Console;

namespace Gateway.Explaining;

/// <summary>Shows the DNS queries: each query with its answer and its time.</summary>
internal static class TrailView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<TrailStep> trail) =>
        ExplainedLines.Write(console, [.. trail.Select(Line)]);

    /// <summary>Writes a time in a readable unit: 0.4 ms, 12 ms, 8.0 s.</summary>
    public static string Shown(TimeSpan elapsed) => elapsed.TotalMilliseconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds:0.0} ms"),
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s"),
    };

    /// <summary>Makes the line of one query from its texts.</summary>
    public static ExplainedLine Line(string type, string name, string answer, DnsStatus status, TimeSpan elapsed) =>
        new(Shown(elapsed).PadLeft(6), ColourOf(status), $"{type,-4} {name}", answer);

    private static ExplainedLine Line(TrailStep step) => Line(
        TrailWording.TypeOf(step.Answer.Question), step.Answer.Question.Name.ToString(), TrailWording.Of(step.Answer), step.Answer.Status, step.Elapsed);

    private static Color ColourOf(DnsStatus status) => status switch
    {
        DnsStatus.Found => Color.Green,
        DnsStatus.NoData or DnsStatus.NameError => Color.Yellow,
        _ => Color.Red,
    };
}
