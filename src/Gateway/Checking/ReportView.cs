using Gateway.Explaining;
using Gateway.Policy.Facts;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>
/// One address, explained. Of what is right a report says as little as possible, so that it fits one screen; <c>--details</c> shows all of it.
/// </summary>
internal sealed class ReportView(IAnsiConsole console, CheckRequest request, bool isDetailed)
{
    public async Task<CheckReport> WriteAsync(IAsyncEnumerable<CheckReport> reports)
    {
        // A silent DNS server takes its time; whoever waits is told what for.
        var report = console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal
            ? await console.Status().StartAsync("Asking the DNS", _ => OnlyAsync(reports))
            : await OnlyAsync(reports);
        Write(report);
        return report;
    }

    private static async Task<CheckReport> OnlyAsync(IAsyncEnumerable<CheckReport> reports) => await reports.SingleAsync();

    private void Write(CheckReport report)
    {
        Headline(report);
        Question(report);
        // Where everything is right nobody asks how it was found out.
        if (isDetailed || report.Answer is not (CheckAnswer.Accepted or CheckAnswer.Private))
        {
            Heading("Trail");
            TrailView.Write(console, report.Trail);
        }
        if (report.Answer != CheckAnswer.Private)
            Judgement(report);
        if (report.Lists.Count > 0)
        {
            Heading("Block lists");
            ListsView.Write(console, report.Lists);
        }
        Remedy(report);
    }

    private void Judgement(CheckReport report)
    {
        Heading("Findings");
        if (isDetailed)
            FindingsView.WriteAnswers(console, report.Findings);
        else
            FindingsView.WriteAnswersInShort(console, report.Findings);
        Heading(Capital(request.Receivers.Kind));
        // Without an answer of the DNS every receiver says the same: come again.
        if (isDetailed || report.Answer != CheckAnswer.Unanswered)
            ReceiversView.Write(console, report.Forecasts);
        else
            ReceiversView.WriteNames(console, report.Forecasts);
        if (report.Others.Count == 0)
            return;
        if (!isDetailed)
        {
            OthersView.Write(console, report.Others);
            return;
        }
        Heading("Not counted");
        ReceiversView.Write(console, report.Others);
    }

    /// <summary>The verdict, who gives it, and what is and is to be published: without trail, findings and words.</summary>
    public void WriteShort(CheckReport report)
    {
        Headline(report);
        ReceiversView.WriteNames(console, report.Forecasts);
        Remedy(report);
    }

    private void Remedy(CheckReport report)
    {
        if (report.Answer != CheckAnswer.Private && report.Remedy.Standing.Count > 0)
        {
            Heading(request.Assumed.Count == 0 ? "Published and right" : "Right, if what is assumed were published");
            AdviceView.WriteStanding(console, report.Remedy.Standing);
        }
        if (report.Names.Any(static name => !name.Agrees))
        {
            Heading("Names that are not the PTR name");
            AdviceView.WriteNames(console, report.Names);
        }
        Heading("Advice");
        AdviceView.Write(console, report.Remedy);
    }

    private void Headline(CheckReport report)
    {
        var style = new Style(VerdictWords.ColourOf(report), decoration: Decoration.Bold);
        foreach (var line in ExplainedLines.Wrapped(VerdictWords.Of(report, request.Receivers.Kind), Math.Max(console.Profile.Width, 40)))
            console.WriteLine(line, style);
    }

    private void Question(CheckReport report)
    {
        List<ExplainedLine> lines =
        [
            new("EHLO", null, "", report.IsHeloGuessed ? $"{report.Helo.Name} (a guess; --helo says what the server says)" : report.Helo.Name),
            new("MAIL", null, "", report.From is { } from ? from.ToString() : "<> (--from also asks for the sender's domain)"),
        ];
        if (report.To != CheckRequest.Somebody)
            lines.Add(new("RCPT", null, "", report.To.ToString()));
        lines.Add(new("DNS", null, "", string.Join(", ", request.Servers)));
        lines.AddRange(request.Assumed.Select(static record => new ExplainedLine("assumed", Color.Yellow, "", TrailWording.LineOf(record))));
        ExplainedLines.Write(console, lines);
    }

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private void Heading(string text)
    {
        console.WriteLine();
        console.WriteLine(text, new Style(decoration: Decoration.Bold));
    }
}
