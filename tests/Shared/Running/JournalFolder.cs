using Gateway.Lab.Conversations;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests;

/// <summary>A folder with a journal in it, gone with the test; and the log of whoever writes it.</summary>
internal sealed class JournalFolder : ILoggerFactory, ILogger, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-journal-");
    private readonly List<string> _log = [];

    public string File => Path.Combine(_folder.FullName, "journal.db");

    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    /// <summary>Files that were set aside, without SQLite's two beside them.</summary>
    public IReadOnlyList<string> Aside =>
        [.. Directory.GetFiles(_folder.FullName, "journal.db.damaged-*").Where(file => file[^4..] is not ("-wal" or "-shm"))];

    public JournalOptions Options(TimeSpan? age = null, long size = 1L << 30) => new(File, age ?? TimeSpan.FromDays(30), size);

    public JournalWriter Writer(TimeProvider time) => new(Options(), time, this);

    /// <summary>Writes sessions as a gateway would that stops at once.</summary>
    public async Task WriteAsync(params IEnumerable<SessionRecord> sessions)
    {
        using var writer = Writer(new StagedTime(Sessions.Noon));
        await writer.StartAsync(CancellationToken.None);
        foreach (var session in sessions)
            writer.Ended(session);
        await writer.StopAsync(CancellationToken.None);
        Assert.Equal(0, writer.LostCount);
    }

    public T Read<T>(Func<JournalReader, T> read)
    {
        using var reader = JournalReader.Open(File);
        return read(reader);
    }

    public long Count => Read(static journal => journal.Reach().Sessions);

    ILogger ILoggerFactory.CreateLogger(string categoryName) => this;

    void ILoggerFactory.AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_log)
            _log.Add(formatter(state, exception));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
