using System.Globalization;
using Gateway.Server.Inbound;
using Gateway.Server.Journal.Statistics;
using Spectre.Console;

namespace Gateway.Explaining;

/// <summary>Shows the statistics: the totals, a table of the checks, and the most frequent senders of each check.</summary>
internal static class StatisticsView
{
    private const int MaxWho = 52;

    public static void Write(IAnsiConsole console, StatisticsReport report)
    {
        console.WriteLine($"{Shown(report.From)} to {Shown(report.Until)} UTC");
        if (report.JournalBegins is not { } begins)
        {
            console.WriteLine("The journal is empty.");
            return;
        }
        if (begins > report.From)
            console.WriteLine($"The journal only goes back to {Shown(begins)}.");
        Sentence(console, $"{Counted(report.Sessions, "session")} with {Counted(report.Attempts, "attempt")} to send: {Number(report.Delivered)} delivered, "
            + $"{Number(report.Refused)} refused (5yz), {Number(report.Deferred)} deferred (4yz){InDoubt(report)}");
        if (report.Hindsight is { } hindsight)
            Write(console, report.Profile!, hindsight, report.Attempts);
        UsersView.Write(console, report.Users);
        if (report.Checks.Count == 0)
        {
            console.WriteLine();
            console.WriteLine(report.Profile is { } profile ? $"{profile} would have refused nobody." : "No check refused anything, and no check in Monitor mode would have.");
            return;
        }
        console.WriteLine();
        console.Write(report.Hindsight is null ? Checks(report) : WouldBe(report));
        foreach (var check in report.Checks.Where(check => check.Clients.Count > 0))
        {
            console.WriteLine();
            console.WriteLine($"{check.Check}: the most frequent clients, names and sender domains");
            console.Write(Senders(check));
        }
    }

    private static string InDoubt(StatisticsReport report) =>
        report.InDoubt == 0 ? "" : $"; {Number(report.InDoubt)} of the deferred ones are in doubt, because the reply of the smart host did not arrive";

    private static void Write(IAnsiConsole console, string profile, HindsightCount would, long attempts)
    {
        Sentence(console, $"{profile} would have refused {Number(would.Refused)} and deferred {Number(would.Deferred)} of the {Counted(attempts, "attempt")}; "
            + $"in fact, {Number(would.Delivered)} of them were delivered.");
        if (would.Unknown > 0)
            Sentence(console, $"{Counted(would.Unknown, "attempt")} cannot be counted, because these checks did not always run: {string.Join(", ", would.Unasked)}. "
                + "Set them to Monitor, so that the next report can count them.");
    }

    // The headings have two lines, so that the longest check name and five numbers fit 80 columns.
    private static Grid Checks(StatisticsReport report)
    {
        var grid = Columns("", "", "would", "would", "").AddRow("check", "refused", "deferred", "refuse", "defer", "delivered");
        foreach (var check in report.Checks)
            grid.AddRow(check.Check, Number(check.Refused), Number(check.Deferred), Number(check.WouldRefuse), Number(check.WouldDefer), Number(check.Delivered));
        return grid;
    }

    private static Grid WouldBe(StatisticsReport report)
    {
        var grid = Columns("would", "would", "delivered").AddRow("check", "refuse", "defer", "in fact");
        foreach (var check in report.Checks)
            grid.AddRow(check.Check, Number(check.WouldRefuse), Number(check.WouldDefer), Number(check.Delivered));
        return grid;
    }

    private static Grid Columns(params string[] headings)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap());
        foreach (var _ in headings)
            grid.AddColumn(new GridColumn().NoWrap().RightAligned());
        return grid.AddRow(["", .. headings]);
    }

    private static Grid Senders(CheckCount check)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned()).AddColumn(new GridColumn().NoWrap());
        Rows(grid, "client", check.Clients, static client => client.Who);
        Rows(grid, "name", check.Names, static name => name switch
        {
            { Who: "" } => "(no name)",
            { IsConfirmed: false } => $"{name.Who} (unconfirmed)",
            _ => name.Who,
        });
        Rows(grid, "domain", check.Domains, static domain => domain.Who.Length == 0 ? "(none)" : domain.Who);
        return grid;
    }

    private static void Rows(Grid grid, string kind, IReadOnlyList<SenderCount> senders, Func<SenderCount, string> shown)
    {
        for (var i = 0; i < senders.Count; i++)
        {
            var who = shown(senders[i]);
            // A long name is cut at its beginning, because its end tells the domain.
            var fitted = SafeText.Of(who.Length <= MaxWho ? who : $"...{who.AsSpan(who.Length - MaxWho + 3)}", MaxWho);
            grid.AddRow(new Text(i == 0 ? $"  {kind}" : ""), new Text(Number(senders[i].Count)), new Text(fitted));
        }
    }

    private static void Sentence(IAnsiConsole console, string text) =>
        ExplainedLines.WriteHanging(console, text, 0, console.Profile.Width, startsLine: false);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Counted(long number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    private static string Shown(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
