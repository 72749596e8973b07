using Gateway.Policy.Profiles;

namespace Gateway.Server.Journal.Statistics;

/// <summary>
/// Reads the statistics. The tables hold one row for each hour, combination of findings and sender, so that a week of a
/// million sessions is one pass over rows that lie in the order of time.
/// </summary>
public static class StatisticsQuery
{
    /// <param name="journal">Open.</param>
    /// <param name="from">Taken back to the full hour.</param>
    /// <param name="until">Taken on to the full hour.</param>
    /// <param name="profile">What would it have done? Null: what did the listeners' own do?</param>
    /// <param name="most">How many senders are named.</param>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    public static StatisticsReport Run(JournalReader journal, DateTimeOffset from, DateTimeOffset until, Profile? profile, int most) =>
        JournalReader.Guarded(journal.Connection.DataSource, () =>
        {
            var hours = (First: HourOf(from), Last: HourOf(until.AddTicks(-1)));
            // One transaction: totals and senders are of the same moment, though a gateway goes on writing.
            using var moment = journal.Connection.BeginTransaction(deferred: true);
            var tally = new StatisticsTally(profile);
            ReadTotals(journal, hours, tally);
            ReadSenders(journal, hours, tally);
            return tally.Report(most, word => WordOf(journal, word)) with
            {
                Users = UsersQuery.Run(journal, hours, most),
                From = StartOf(hours.First),
                Until = StartOf(hours.Last + 1),
                JournalBegins = journal.Connection.Number("SELECT ifnull(min(hour), -1) FROM totals") is >= 0 and var first ? StartOf(first) : null,
            };
        });

    private static long HourOf(DateTimeOffset time) => Math.DivRem(time.ToUnixTimeMilliseconds(), SessionRow.MillisecondsOfHour).Quotient;

    private static DateTimeOffset StartOf(long hour) => DateTimeOffset.FromUnixTimeMilliseconds(hour * SessionRow.MillisecondsOfHour);

    private static void ReadTotals(JournalReader journal, (long First, long Last) hours, StatisticsTally tally)
    {
        // A journal that no gateway of this version has opened yet does not count them. A message in doubt was answered with 451.
        var version = JournalSchema.VersionOf(journal.Connection);
        var inDoubt = version < JournalSchema.CountsInDoubt ? "0" : "sum(in_doubt)";
        var deferred = version < JournalSchema.CountsDeferred ? inDoubt : "sum(deferred)";
        using var command = journal.Connection.Command(
            $"""
            SELECT id, family, findings.findings, sum(sessions), sum(attempts), sum(delivered), sum(refused), {inDoubt}, {deferred}
            FROM totals JOIN findings ON id = totals.findings WHERE hour BETWEEN ?1 AND ?2 GROUP BY id
            """, hours.First, hours.Last);
        using var row = command.ExecuteReader();
        while (row.Read())
            tally.AddTotal(row.GetInt64(0), row.GetInt64(1) == 6, FoundBy.ParseAll(row.GetString(2)), new(
                Sessions: row.GetInt64(3), Attempts: row.GetInt64(4), Delivered: row.GetInt64(5),
                Refused: row.GetInt64(6) - row.GetInt64(8), Deferred: row.GetInt64(8), InDoubt: row.GetInt64(7)));
    }

    private static void ReadSenders(JournalReader journal, (long First, long Last) hours, StatisticsTally tally)
    {
        using var command = journal.Connection.Command(
            "SELECT findings, client, name, is_confirmed, domain, attempts FROM senders WHERE hour BETWEEN ?1 AND ?2", hours.First, hours.Last);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var senders = tally.SendersOf(row.GetInt64(0));
            if (senders.Length == 0)
                continue;
            var (client, name, isConfirmed, domain) = (row.GetInt64(1), row.GetInt64(2), row.GetInt64(3) != 0, row.GetInt64(4));
            var count = row.GetInt64(5);
            foreach (var top in senders)
                top.Add(client, name, isConfirmed, domain, count);
        }
    }

    private static string WordOf(JournalReader journal, long id)
    {
        using var command = journal.Connection.Command("SELECT word FROM words WHERE id = ?1", id);
        return command.ExecuteScalar() as string ?? "";
    }
}
