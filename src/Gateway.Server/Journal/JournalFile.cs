using System.Globalization;
using Gateway.Server.Configuration;
using Microsoft.Data.Sqlite;

namespace Gateway.Server.Journal;

/// <summary>
/// Keeps the database open through everything that can befall a file: a lock or a full disk is waited out, a damaged file is set
/// aside (never deleted) and a new one begun. Used by one writer.
/// </summary>
internal sealed class JournalFile(JournalOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private volatile JournalOptions _options = options;
    private JournalDatabase? _database;
    private bool _isBroken;

    // A disk that does not answer holds the writing thread for as long as it likes; the end of the process must not wait for that.
    private volatile bool _isBusy;

    // Set aside, and nothing written since: a disk that damages this one too is no reason to make files without end.
    private bool _isFresh;

    /// <summary>Other bounds for age and size. Safe at any time: the writer takes them with its next write.</summary>
    public void Keep(TimeSpan maxAge, long maxSize) => _options = _options with { MaxAge = maxAge, MaxSize = maxSize };

    /// <summary>Tries until it succeeds. False: the rows were given up, for the stop has come or they can never be written.</summary>
    public async Task<bool> WriteAsync(IReadOnlyList<SessionRow> rows, CancellationToken stopping)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (isDone, trouble) = await OnOwnThreadAsync(() => TryWriteBusily(rows));
            if (trouble is null)
                return true;
            if (!_isBroken)
                JournalLog.Broken(logger, _options.File, trouble);
            _isBroken = true;
            if (isDone || stopping.IsCancellationRequested)
                return false;
            // Does not throw when the stop comes: then there is one more try.
            await Task.WhenAny(Task.Delay(pause, time, stopping));
        }
    }

    // SQLite waits for the disk and for locks. A thread of its own may wait; those of the pool carry mail.
    private static Task<T> OnOwnThreadAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private (bool IsDone, string? Trouble) TryWriteBusily(IReadOnlyList<SessionRow> rows)
    {
        _isBusy = true;
        try
        {
            return TryWrite(rows);
        }
#pragma warning disable CA1031 // A bug costs these rows, never the process: the host would stop for it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            JournalLog.Failed(logger, _options.File, error);
            Close();
            return (true, error.Message);
        }
        finally
        {
            _isBusy = false;
        }
    }

    private (bool IsDone, string? Trouble) TryWrite(IReadOnlyList<SessionRow> rows)
    {
        try
        {
            Open().Write(rows);
            if (_isBroken)
                JournalLog.Repaired(logger, _options.File);
            _isBroken = false;
            _isFresh &= rows.Count == 0;
            Trim();
            return (true, null);
        }
        catch (SqliteException error) when (IsDamage(error) && !_isFresh)
        {
            Close();
            return SetAside(error.Message) is { } trouble ? (false, trouble) : TryWrite(rows);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException or JournalException)
        {
            Close();
            return (error is SqliteException failure && IsHopeless(failure), error.Message);
        }
    }

    private JournalDatabase Open()
    {
        if (_database is not null)
            return _database;
        _database = JournalDatabase.Open(_options);
        if (!_isBroken)
            JournalLog.Opened(logger, _options.File, _options.MaxAge, _options.MaxSize);
        return _database;
    }

    // A few steps after each write: faster than sessions come, and never long. What is left goes next time.
    private void Trim()
    {
        _database!.Keep(_options);
        for (var steps = 4; steps > 0 && _database!.Trim(time.GetUtcNow()); steps--)
        {
        }
    }

    /// <summary>Null when the file has gone out of the way.</summary>
    private string? SetAside(string reason)
    {
        var aside = $"{_options.File}.damaged-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}";
        try
        {
            // With them goes what SQLite had not yet put into the file itself; whoever repairs it needs that.
            foreach (var suffix in new[] { "", "-wal", "-shm" })
                if (File.Exists(_options.File + suffix))
                    File.Move(_options.File + suffix, aside + suffix);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{reason}; and it cannot be renamed: {error.Message}";
        }
        _isFresh = true;
        JournalLog.SetAside(logger, _options.File, reason, aside);
        return null;
    }

    // https://www.sqlite.org/rescode.html: SQLITE_CORRUPT, SQLITE_FORMAT, SQLITE_NOTADB.
    private static bool IsDamage(SqliteException error) => error.SqliteErrorCode is 11 or 24 or 26;

    // SQLITE_ERROR, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH: the same rows would fail again and hold up all others.
    private static bool IsHopeless(SqliteException error) => error.SqliteErrorCode is 1 or 18 or 19 or 20;

    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }

    public void Dispose()
    {
        if (!_isBusy)
            Close();
    }
}
