using System.Buffers;
using Gateway.Server.Inbound;

namespace Gateway.Server.Hosting.Logging;

/// <summary>
/// The log: a bounded backlog, and one thread of its own that writes to the output. Nobody who logs ever waits: when the output is slow, or
/// nobody reads it, entries are dropped and counted, and the count is logged as soon as the output takes lines again. A write that blocks for
/// ever keeps nothing from ending, for the thread is a background thread.
/// </summary>
internal sealed class LogWriter : ILoggerProvider
{
    /// <summary>Entries that may wait.</summary>
    public const int MaxWaiting = 10_000;

    /// <summary>Octets of memory that the waiting entries may hold; 10,000 honest sessions need less.</summary>
    public const long MaxWaitingOctets = 32 << 20;

    // Octets that go out in one write, and an entry more.
    private const int MaxBatch = 64 << 10;
    private const int EntryOverhead = 128;

    private static readonly EventId LinesLost = new(9004, nameof(LinesLost));
    private static readonly EventId NotLogged = new(9009, nameof(NotLogged));

    private readonly Stream _output;
    private readonly TimeProvider _time;
    private readonly Backlog<Entry> _backlog = new(MaxWaiting, MaxWaitingOctets);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Of the writing thread alone.
    private readonly ArrayBufferWriter<byte> _batch = new(MaxBatch);
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isTorn;

    private long _lost;

    public LogWriter(Stream output, ILogLayout layout, TimeProvider time)
    {
        (_output, Layout, _time) = (output, layout, time);
        new Thread(Run) { IsBackground = true, Name = "log" }.Start();
    }

    public ILogLayout Layout { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    public ILogger CreateLogger(string categoryName) => new LogCategory(categoryName, this);

    /// <summary>A line that is ready, with its end.</summary>
    public void Add(byte[] line) => Add(new(line, default, null), line.Length);

    /// <summary>A session that becomes a line later.</summary>
    public void Add(in LogHead head, SessionLine session) => Add(new(null, head, session), RecordSize.Of(session.Record));

    private void Add(in Entry entry, long octets)
    {
        if (!_backlog.TryAdd(entry, octets + EntryOverhead))
            Lose(1);
    }

    public void Lose(long entries) => Interlocked.Add(ref _lost, entries);

    /// <summary>Takes nothing more, and waits until the rest is written, but no longer than that.</summary>
    public async ValueTask CloseAsync(TimeSpan patience)
    {
        _backlog.Complete();
        try
        {
            await _ended.Task.WaitAsync(patience, _time);
        }
        catch (TimeoutException)
        {
            // Nobody reads the log: what it still holds is lost, and nobody can be told.
        }
    }

    public void Dispose() => _backlog.Complete();

    private void Run()
    {
        while (_backlog.Wait())
        {
            var entries = Gather();
            if (!TrySend())
                Lose(entries);
            _batch.ResetWrittenCount();
        }
        _ended.SetResult();
    }

    /// <summary>Fills the batch with what waits. Returns how many entries it holds, or stands for.</summary>
    private long Gather()
    {
        // A write that failed may have left half a line behind.
        if (_isTorn)
            _batch.Write("\n"u8);
        long entries = 0;
        while (_batch.WrittenCount < MaxBatch && _backlog.TryTake(out var entry))
        {
            Write(entry);
            entries++;
        }
        // Behind the entries that waited: those that are missing came after them.
        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
        {
            WriteOwn(LogLevel.Warning, LinesLost, $"{lost} log lines are missing here, because the log was read too slowly or could not be written", new("Lines", lost), null);
            entries += lost;
        }
        return entries;
    }

    private void Write(in Entry entry)
    {
        if (entry.Session is not { } session)
        {
            _batch.Write(entry.Line!);
            return;
        }
        try
        {
            _line.ResetWrittenCount();
            Layout.Write(entry.Head, session, _line);
            _batch.Write(_line.WrittenSpan);
        }
#pragma warning disable CA1031 // A session that cannot be put into words is a bug, and costs its own line only.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var id = session.Record.Id;
            WriteOwn(LogLevel.Error, NotLogged, $"session {id} is missing from the log, because a bug prevented its conversion", new("Id", id), error);
        }
    }

    // What the log says about itself goes past its own backlog, which may be full.
    private void WriteOwn(LogLevel level, EventId id, string message, KeyValuePair<string, object?> value, Exception? error)
    {
        _line.ResetWrittenCount();
        Layout.Write(new(Now, level, "Gateway", id), message, [value], error, _line);
        _batch.Write(_line.WrittenSpan);
    }

    private bool TrySend()
    {
        try
        {
            _output.Write(_batch.WrittenSpan);
            _output.Flush();
            _isTorn = false;
            return true;
        }
#pragma warning disable CA1031 // A full disk, a closed pipe, whatever it is: mail goes on, and the next entries are tried again.
        catch (Exception)
#pragma warning restore CA1031
        {
            _isTorn = true;
            return false;
        }
    }

    /// <summary>Either a line, or a session with the head of its line.</summary>
    private readonly record struct Entry(byte[]? Line, LogHead Head, SessionLine? Session);
}
