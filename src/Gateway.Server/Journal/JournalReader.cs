using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Gateway.Server.Journal;

/// <summary>How far back a journal goes: the start of its oldest and its newest session; null when it is empty.</summary>
public sealed record JournalReach(long Sessions, DateTimeOffset? Oldest, DateTimeOffset? Newest);

/// <summary>Reads a journal, also while a gateway writes it: a reader in WAL mode sees whole commits and holds nobody up.</summary>
public sealed class JournalReader : IDisposable
{
    private JournalReader(SqliteConnection connection) => Connection = connection;

    internal SqliteConnection Connection { get; }

    /// <exception cref="JournalException">It is not there, or no journal, or cannot be read.</exception>
    public static JournalReader Open(string file)
    {
        if (!File.Exists(file))
            throw new JournalException($"the journal {file} does not exist");
        try
        {
            return new(Connected(file));
        }
        // SQLITE_READONLY, SQLITE_CANTOPEN: who may not write beside the file can still read it, if nobody is writing it.
        catch (SqliteException error) when (error.SqliteErrorCode is 8 or 14 && !File.Exists(file + "-wal"))
        {
            return Guarded(file, () => new JournalReader(Connected($"file:{Uri.EscapeDataString(Path.GetFullPath(file))}?immutable=1")));
        }
        catch (SqliteException error)
        {
            throw Unreadable(file, error);
        }
    }

    private static SqliteConnection Connected(string source)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        try
        {
            connection.Open();
            if (JournalSchema.VersionOf(connection) == 0)
                throw new JournalException($"{source} is empty, so it is not a journal yet");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A session by its id; null when the journal does not have it.</summary>
    public SessionDocument? Find(string id) => Guarded(Connection.DataSource, () =>
    {
        using var command = Connection.Command("SELECT document FROM sessions WHERE id = ?1", id);
        return command.ExecuteScalar() is string json ? JsonSerializer.Deserialize(json, JournalJson.Default.SessionDocument) : null;
    });

    public JournalReach Reach() => Guarded(Connection.DataSource, () =>
    {
        using var command = Connection.Command("SELECT count(*), min(started), max(started) FROM sessions");
        using var row = command.ExecuteReader();
        row.Read();
        return row.GetInt64(0) is > 0 and var count
            ? new JournalReach(count, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))
            : new JournalReach(0, null, null);
    });

    internal static T Guarded<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is SqliteException or JsonException)
        {
            throw Unreadable(file, error);
        }
    }

    private static JournalException Unreadable(string file, Exception error) =>
        new($"the journal {file} cannot be read: {error.Message}", error);

    public void Dispose() => Connection.Dispose();
}
