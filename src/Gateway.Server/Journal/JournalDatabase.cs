using Gateway.Server.Configuration;
using Microsoft.Data.Sqlite;

namespace Gateway.Server.Journal;

/// <summary>
/// The journal's file, open for writing. Everything blocks: only the journal's own thread comes here. What goes wrong is thrown
/// as <see cref="SqliteException"/>.
/// </summary>
internal sealed class JournalDatabase : IDisposable
{
    /// <summary>Sessions that one step of the trimming takes away.</summary>
    private const int Step = 500;

    // Room that is free within the file is used again; only when it is much is it given back.
    private const int MuchFree = 1024;

    private readonly SqliteConnection _connection;
    private JournalOptions _options;
    private readonly SessionInsert _insert;
    private readonly long _pageSize;

    private JournalDatabase(SqliteConnection connection, JournalOptions options)
    {
        (_connection, _options) = (connection, options);
        _insert = new(connection);
        _pageSize = connection.Number("PRAGMA page_size");
    }

    /// <exception cref="JournalException">The file is something else, or newer than this program.</exception>
    public static JournalDatabase Open(JournalOptions options)
    {
        Create(options.File);
        // Not pooled: a file that is set aside must be let go.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.File,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            // Seconds for which another process may hold the lock.
            DefaultTimeout = 2,
        }.ToString());
        try
        {
            connection.Open();
            JournalSchema.Prepare(connection);
            return new(connection, options);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Who sent mail to whom is nobody's business: not readable for others, whatever the umask. SQLite's two files beside it
    // get the same rights.
    private static void Create(string file)
    {
        if (OperatingSystem.IsWindows() || File.Exists(file))
            return;
        new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
        }).Dispose();
    }

    /// <summary>Other bounds from now on; the file is the same.</summary>
    public void Keep(JournalOptions bounds) => _options = bounds;

    /// <summary>All of them or none.</summary>
    public void Write(IReadOnlyList<SessionRow> rows)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var row in rows)
            _insert.Run(transaction, row);
        transaction.Commit();
    }

    /// <summary>
    /// Takes away what is too old or too much, one small step. True: there may be more to take away, but others may write first.
    /// </summary>
    public bool Trim(DateTimeOffset now)
    {
        var used = (Pages("page_count") - Pages("freelist_count")) * _pageSize;
        var isTrimmed = DropOldest(used > _options.MaxSize ? long.MaxValue : (now - _options.MaxAge).ToUnixTimeMilliseconds());
        var (all, free) = (Pages("page_count"), Pages("freelist_count"));
        if (free > Math.Max(MuchFree, all / 8) || (free > 0 && all * _pageSize > _options.MaxSize))
            _connection.Execute($"PRAGMA incremental_vacuum({MuchFree})");
        return isTrimmed;
    }

    private bool DropOldest(long before)
    {
        using var transaction = _connection.BeginTransaction();
        var dropped = Drop(transaction, before);
        // Statistics go by whole hours, when all of the hour's sessions have gone.
        using var oldest = new Statement(_connection, "SELECT ifnull(min(started), 9223372036854775807) FROM sessions", 0);
        var hour = Math.Min(before, oldest.Number(transaction)) / SessionRow.MillisecondsOfHour;
        foreach (var table in new[] { "totals", "senders", "users" })
        {
            using var drop = new Statement(_connection, $"DELETE FROM {table} WHERE hour = (SELECT min(hour) FROM {table}) AND hour < ?1", 1);
            dropped += drop.Run(transaction, hour);
        }
        dropped += DropWords(transaction, hour);
        transaction.Commit();
        return dropped > 0;
    }

    private int Drop(SqliteTransaction transaction, long before)
    {
        using var drop = new Statement(
            _connection, "DELETE FROM sessions WHERE number IN (SELECT number FROM sessions WHERE started < ?1 ORDER BY started LIMIT ?2)", 2);
        return drop.Run(transaction, before, Step);
    }

    private int DropWords(SqliteTransaction transaction, long hour)
    {
        using var drop = new Statement(_connection,
            """
            DELETE FROM words WHERE id IN
                (SELECT id FROM words WHERE seen < (SELECT ifnull(min(hour), ?1) FROM (SELECT min(hour) AS hour FROM senders UNION ALL SELECT min(hour) FROM users)) - ?2 ORDER BY seen LIMIT ?3)
            """, 3);
        return drop.Run(transaction, hour, WordBook.HoursOfDay, Step);
    }

    private long Pages(string pragma) => _connection.Number($"PRAGMA {pragma}");

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
