using Gateway.Cli.Explaining;
using Gateway.Policy;
using Spectre.Console;

namespace Gateway.Cli.Checking;

/// <summary>One address, explained: trail, findings, receivers, advice.</summary>
internal static class ReportView
{
    public static async Task<int> WriteAsync(IAnsiConsole console, CheckRequest request, IAsyncEnumerable<CheckReport> reports)
    {
        // A silent DNS server takes its time; who waits is told what for.
        var report = console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal
            ? await console.Status().StartAsync("Asking the DNS", _ => OnlyAsync(reports))
            : await OnlyAsync(reports);
        Write(console, request, report);
        return report.ExitCode;
    }

    private static async Task<CheckReport> OnlyAsync(IAsyncEnumerable<CheckReport> reports) => await reports.SingleAsync();

    private static void Write(IAnsiConsole console, CheckRequest request, CheckReport report)
    {
        Headline(console, report);
        Question(console, request, report);
        Heading(console, "Trail");
        TrailView.Write(console, report.Trail);
        Heading(console, "Findings");
        FindingsView.WriteAnswers(console, report.Findings);
        Heading(console, "Receivers");
        ReceiversView.Write(console, report.Forecasts);
        Remedy(console, request, report);
    }

    /// <summary>The verdict, who gives it, and what is and is to be published: without trail, findings and words.</summary>
    public static void WriteShort(IAnsiConsole console, CheckRequest request, CheckReport report)
    {
        Headline(console, report);
        foreach (var group in report.Forecasts.GroupBy(CheckReport.AnswerOf))
        {
            var (word, colour) = ReceiversView.Shown(group.Key);
            console.Write(new Text($"  {word,-8}", colour));
            ExplainedLines.WriteHanging(
                console, string.Join(", ", group.Select(static forecast => forecast.Profile.Name)), 10, console.Profile.Width - 10, startsLine: false);
        }
        Remedy(console, request, report);
    }

    private static void Remedy(IAnsiConsole console, CheckRequest request, CheckReport report)
    {
        if (report.Remedy.Standing.Count > 0)
        {
            Heading(console, request.Assumed.Count == 0 ? "Published and right" : "Right, if what is assumed were published");
            AdviceView.WriteStanding(console, report.Remedy.Standing);
        }
        Heading(console, "Advice");
        AdviceView.Write(console, report.Remedy);
    }

    private static void Headline(IAnsiConsole console, CheckReport report)
    {
        var (refuse, defer, accept) = (report.Count(ReceiverAnswer.Refuse), report.Count(ReceiverAnswer.Defer), report.Count(ReceiverAnswer.Accept));
        var (words, colour) = report.ExitCode switch
        {
            ExitCode.Fine => ("would be accepted", Color.Green),
            ExitCode.No => ("would be refused", Color.Red),
            _ => ("cannot be judged for the moment", Color.Yellow),
        };
        console.Write(new Text($"{report.Address} {words}", new Style(colour, decoration: Decoration.Bold)));
        console.WriteLine($": of {Count(report.Forecasts.Count)} {Said(refuse, "refuse")}, {Said(defer, "defer")}, {Said(accept, "accept")}.");
    }

    private static string Said(int count, string verb) => count == 1 ? $"1 {verb}s" : $"{count} {verb}";

    private static string Count(int receivers) => receivers == 1 ? "1 receiver" : $"{receivers} receivers";

    private static void Question(IAnsiConsole console, CheckRequest request, CheckReport report)
    {
        List<ExplainedLine> lines =
        [
            new("EHLO", null, "", request.Helo is null ? $"{report.Helo.Name} (a guess; --helo says what the server says)" : report.Helo.Name),
            new("MAIL", null, "", report.From is { } from ? from.ToString() : "<> (--from also asks for the sender's domain)"),
            new("RCPT", null, "", report.To.ToString()),
            new("DNS", null, "", string.Join(", ", request.Servers)),
        ];
        lines.AddRange(request.Assumed.Select(static record => new ExplainedLine("assumed", Color.Yellow, "", TrailWording.LineOf(record))));
        if (report.Private is { } reason)
            lines.Add(new("note", Color.Yellow, "", $"{reason}: a gateway exempts it (ExemptPrivate); here it is judged like any other"));
        ExplainedLines.Write(console, lines);
    }

    private static void Heading(IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.WriteLine(text, new Style(decoration: Decoration.Bold));
    }
}
