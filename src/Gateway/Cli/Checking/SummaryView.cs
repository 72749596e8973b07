using System.Globalization;
using Spectre.Console;

namespace Gateway.Cli.Checking;

/// <summary>Many addresses: a bar while it lasts, and a line for each.</summary>
internal static class SummaryView
{
    public static async Task<int> WriteAsync(IAnsiConsole console, CheckRequest request, IAsyncEnumerable<CheckReport> reports)
    {
        var code = ExitCode.Fine;
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("address").NoWrap()).AddColumn("name").AddColumn(new TableColumn("iprev").NoWrap())
            .AddColumn(new TableColumn("accept").RightAligned()).AddColumn(new TableColumn("defer").RightAligned())
            .AddColumn(new TableColumn("refuse").RightAligned()).AddColumn("why");
        await WithProgressAsync(console, request.Addresses.Count, async done =>
        {
            await foreach (var report in reports)
            {
                code = CheckReport.Worse(code, report.ExitCode);
                table.AddRow(Cells(report));
                done();
            }
        });
        console.Write(table);
        return code;
    }

    private static Text[] Cells(CheckReport report)
    {
        var colour = report.ExitCode switch
        {
            ExitCode.Fine => Color.Green,
            ExitCode.No => Color.Red,
            _ => Color.Yellow,
        };
        return
        [
            new(report.Address.ToString(), colour),
            new(report.Client.Names is [var first, ..] ? (report.Client.ConfirmedName ?? first.Name).ToString() : "-"),
            new(report.Client.Iprev.ToString().ToLowerInvariant()),
            new(Number(report, ReceiverAnswer.Accept)),
            new(Number(report, ReceiverAnswer.Defer)),
            new(Number(report, ReceiverAnswer.Refuse)),
            new(report.Forecasts.FirstOrDefault(static forecast => forecast.Stage is not null)?.Verdict.DecidedBy?.Outcome.Reason
                ?? (report.IsUnsettled ? report.Client.Detail : "")),
        ];
    }

    private static string Number(CheckReport report, ReceiverAnswer answer) => report.Count(answer).ToString(CultureInfo.InvariantCulture);

    private static async Task WithProgressAsync(IAnsiConsole console, int count, Func<Action, Task> work)
    {
        // A bar is only for eyes.
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
