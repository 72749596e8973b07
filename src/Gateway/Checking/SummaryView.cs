using System.Globalization;
using Gateway.Explaining;
using Gateway.Policy.Facts;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>Shows many addresses: a progress bar, then a row for each with the first reason for a refusal below it.</summary>
internal static class SummaryView
{
    private const int Indent = 4;

    private sealed record Row(string Address, string Iprev, int Accept, int Defer, int Refuse, string Name, string Reason, int ExitCode);

    public static async Task<int> WriteAsync(IAnsiConsole console, int count, IAsyncEnumerable<CheckReport> reports)
    {
        var rows = new List<Row>();
        await WithProgressAsync(console, count, async done =>
        {
            await foreach (var report in reports)
            {
                rows.Add(RowOf(report));
                done();
            }
        });
        Write(console, rows);
        return rows.Aggregate(ExitCode.Fine, static (code, row) => CheckReport.Worse(code, row.ExitCode));
    }

    // A report has the replies of all receivers, so of many reports only this row is kept.
    private static Row RowOf(CheckReport report) => new(
        report.Address.ToString(),
        ReportDocument.Word(report.Client.Iprev),
        Count(report, ReceiverAnswer.Accept),
        Count(report, ReceiverAnswer.Defer),
        Count(report, ReceiverAnswer.Refuse),
        report.Client.Names is [var first, ..] ? (report.Client.ConfirmedName ?? first.Name).ToString() : "-",
        report.Private is { } reason ? $"cannot be checked: {reason}"
            : report.Forecasts.FirstOrDefault(static forecast => forecast.Stage is not null)?.Verdict.DecidedBy?.Outcome.Reason
            ?? (report.Answer == CheckAnswer.Unanswered ? report.Client.Detail : Listed(report)),
        report.ExitCode);

    private static string Listed(CheckReport report) => report.ListedCount == 0 ? ""
        : $"on {string.Join(", ", report.Lists.Where(static answer => answer.Standing == ListStanding.Listed).Select(static answer => answer.List.Name))}";

    // No receiver sees a private address.
    private static int Count(CheckReport report, ReceiverAnswer answer) => report.Private is null ? report.Count(answer) : 0;

    private static void Write(IAnsiConsole console, List<Row> rows)
    {
        var address = rows.Max(static row => row.Address.Length);
        console.WriteLine($"{"address".PadRight(address)}  {"iprev",-9}  accept  defer  refuse  name", new Style(decoration: Decoration.Bold));
        foreach (var row in rows)
        {
            var colour = row.ExitCode switch
            {
                ExitCode.Fine => Color.Green,
                ExitCode.No => Color.Red,
                _ => Color.Yellow,
            };
            console.Write(new Text(row.Address.PadRight(address), colour));
            var cells = string.Create(CultureInfo.InvariantCulture, $"  {row.Iprev,-9}  {row.Accept,6}  {row.Defer,5}  {row.Refuse,6}  ");
            console.Write(cells);
            var column = address + cells.Length;
            ExplainedLines.WriteHanging(console, row.Name, column, console.Profile.Width - column, startsLine: false);
            if (row.Reason.Length > 0)
                ExplainedLines.WriteHanging(console, row.Reason, Indent, console.Profile.Width - Indent, startsLine: true);
        }
        console.WriteLine($"{rows.Count(static row => row.ExitCode == ExitCode.Fine)} of {rows.Count} addresses would be accepted by every receiver, "
            + $"{rows.Count(static row => row.ExitCode == ExitCode.No)} would be refused by at least one.");
    }

    private static async Task WithProgressAsync(IAnsiConsole console, int count, Func<Action, Task> work)
    {
        // A file or a pipe gets no progress bar.
        if (!console.Profile.Capabilities.Ansi || !console.Profile.Out.IsTerminal)
        {
            await work(static () => { });
            return;
        }
        await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask($"{count} addresses", maxValue: count);
                await work(() => bar.Increment(1));
            });
    }
}
