namespace Gateway.Server.Journal.Statistics;

/// <summary>Reads who authenticated, from where, and how much they sent.</summary>
internal static class UsersQuery
{
    public static IReadOnlyList<UserCount> Run(JournalReader journal, (long First, long Last) hours, int most)
    {
        if (JournalSchema.VersionOf(journal.Connection) < JournalSchema.CountsUsers)
            return [];
        using var command = journal.Connection.Command(
            """
            SELECT users.user, word, sum(sessions), sum(messages), sum(recipients), sum(octets), sum(failures), count(DISTINCT client)
            FROM users JOIN words ON id = users.user WHERE hour BETWEEN ?1 AND ?2 GROUP BY users.user
            ORDER BY sum(recipients) DESC, sum(failures) DESC, word LIMIT ?3
            """, hours.First, hours.Last, most);
        using var row = command.ExecuteReader();
        var users = new List<UserCount>();
        while (row.Read())
            users.Add(new()
            {
                User = row.GetString(1),
                Sessions = row.GetInt64(2),
                Messages = row.GetInt64(3),
                Recipients = row.GetInt64(4),
                Octets = row.GetInt64(5),
                FailedLogins = row.GetInt64(6),
                ClientCount = row.GetInt64(7),
                Clients = ClientsOf(journal, hours, row.GetInt64(0), most),
            });
        return users;
    }

    private static List<SenderCount> ClientsOf(JournalReader journal, (long First, long Last) hours, long user, int most)
    {
        using var command = journal.Connection.Command(
            """
            SELECT word, sum(recipients) + sum(failures) FROM users JOIN words ON id = client
            WHERE users.user = ?1 AND hour BETWEEN ?2 AND ?3 GROUP BY client ORDER BY 2 DESC, word LIMIT ?4
            """, user, hours.First, hours.Last, most);
        using var row = command.ExecuteReader();
        var clients = new List<SenderCount>();
        while (row.Read())
            clients.Add(new(row.GetString(0), row.GetInt64(1)));
        return clients;
    }
}
