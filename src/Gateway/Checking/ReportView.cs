using Gateway.Explaining;
using Gateway.Policy.Facts;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>
/// Shows the report on one address. It is short about what is correct, so that it fits one screen; <c>--details</c> shows everything.
/// </summary>
internal sealed class ReportView(IAnsiConsole console, CheckRequest request, bool isDetailed)
{
    public async Task<CheckReport> WriteAsync(IAsyncEnumerable<CheckReport> reports)
    {
        // A DNS server that does not answer takes seconds, so the terminal shows what the command waits for.
        var report = console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal
            ? await console.Status().StartAsync("Looking up the address in the DNS", _ => OnlyAsync(reports))
            : await OnlyAsync(reports);
        Write(report);
        return report;
    }

    private static async Task<CheckReport> OnlyAsync(IAsyncEnumerable<CheckReport> reports) => await reports.SingleAsync();

    private void Write(CheckReport report)
    {
        Headline(report);
        Question(report);
        // If everything is correct, the queries are of no interest.
        if (isDetailed || report.Answer is not (CheckAnswer.Accepted or CheckAnswer.Private))
        {
            Heading("DNS queries");
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
        // If all of them accept, the headline has said so.
        if (isDetailed || report.Answer != CheckAnswer.Accepted)
            Receivers(report);
        if (report.Others.Count == 0)
            return;
        if (!isDetailed)
        {
            OtherProfilesView.Write(console, report.Others);
            return;
        }
        Heading(OtherProfilesView.Title);
        ReceiversView.Write(console, report.Others);
    }

    private void Receivers(CheckReport report)
    {
        Heading(Capital(request.Receivers.Kind));
        // Without an answer of the DNS, every receiver asks the client to try again later, so their names are enough.
        if (isDetailed || report.Answer != CheckAnswer.Unanswered)
            ReceiversView.Write(console, report.Forecasts);
        else
            ReceiversView.WriteNames(console, report.Forecasts);
    }

    /// <summary>Writes the verdict, the receivers' names, and the records; without queries, findings and replies.</summary>
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
            Heading(request.Assumed.Count == 0 ? "Published correctly" : "Correct, if the assumed records are published");
            AdviceView.WriteStanding(console, report.Remedy.Standing);
        }
        if (report.Names.Any(static name => !name.Agrees))
        {
            Heading("Names that differ from the PTR name");
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
            new("EHLO", null, "", report.IsHeloGuessed ? $"{report.Helo.Name} (assumed; type the real name after --helo)" : report.Helo.Name),
            new("MAIL", null, "", report.From is { } from ? from.ToString() : "<> (use --from to check the sender's domain too)"),
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
