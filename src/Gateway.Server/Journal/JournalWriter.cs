using Gateway.Server.Configuration;
using Gateway.Server.Inbound;

namespace Gateway.Server.Journal;

/// <summary>
/// Writes sessions into the journal, off the mail path: a bounded backlog with one reader, which commits what has gathered in
/// one transaction. Whatever becomes of the file, mail goes on; what is lost is counted and said.
/// </summary>
public sealed class JournalWriter : BackgroundService, ISessionSink
{
    /// <summary>Sessions that may wait: as many as the log's. An honest one takes about 2 KiB here.</summary>
    public const int MaxWaiting = 10_000;

    /// <summary>Octets of memory that they may hold together; hostile sessions take fifty times as much as honest ones.</summary>
    public const long MaxWaitingOctets = 32 << 20;

    private const int MaxBatch = 500;

    // How long the first of a batch waits for company. A crash loses so much, and explain comes so much late.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    // Null wakes the reader when there are no sessions: what is too old goes all the same.
    private readonly Backlog<SessionRecord?> _ended = new(MaxWaiting, MaxWaitingOctets);

    private readonly JournalFile _file;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _lost;
    private long _lostInAll;

    public JournalWriter(JournalOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger("Gateway.Journal");
        _file = new(options, time, _logger);
        _time = time;
        _timer = time.CreateTimer(static writer => ((JournalWriter)writer!).OnTick(), this, Tick, Tick);
    }

    /// <summary>Other bounds, from the next sessions on.</summary>
    public void Keep(TimeSpan maxAge, long maxSize) => _file.Keep(maxAge, maxSize);

    /// <summary>Sessions that the journal does not have, since the start.</summary>
    public long LostCount => Interlocked.Read(ref _lostInAll);

    public void Ended(SessionRecord session)
    {
        if (!_ended.TryAdd(session, RecordSize.Of(session)))
            Lose(1);
    }

    private void Lose(int count)
    {
        Interlocked.Add(ref _lost, count);
        Interlocked.Add(ref _lostInAll, count);
    }

    private void OnTick()
    {
        ReportLoss();
        _ended.TryAdd(null, 0);
    }

    private void ReportLoss()
    {
        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
            JournalLog.Lost(_logger, lost);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => WriteAllAsync(stoppingToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // A stop that comes before the host has begun to run this finds everything still waiting.
        if (ExecuteTask is not { IsCompleted: false })
            await WriteAllAsync(new(canceled: true)).WaitAsync(cancellationToken);
    }

    /// <summary>Ends when it is told to stop and all that waited is written, or given up.</summary>
    private async Task WriteAllAsync(CancellationToken stoppingToken)
    {
        var rows = new List<SessionRow>(MaxBatch);
        // Opens the file: what is wrong with it is said at the start, and not at the first session.
        await _file.WriteAsync(rows, stoppingToken);
        while (await WaitAsync(stoppingToken))
        {
            rows.Clear();
            Describe(rows);
            if (!await _file.WriteAsync(rows, stoppingToken))
                Lose(rows.Count);
        }
        ReportLoss();
    }

    /// <summary>False: nothing waits, and nothing will come.</summary>
    private async Task<bool> WaitAsync(CancellationToken stopping)
    {
        if (_ended.Count >= MaxBatch)
            return true;
        try
        {
            await _ended.WaitAsync(stopping);
            await Task.Delay(Gathering, _time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops this after the listeners: what waits now is all.
        }
        return _ended.Count > 0;
    }

    private void Describe(List<SessionRow> rows)
    {
        while (rows.Count < MaxBatch && _ended.TryTake(out var session))
        {
            if (session is not null && TryDescribe(session) is { } row)
                rows.Add(row);
        }
    }

    // A session that breaks the description is a bug, and costs this session only.
    private SessionRow? TryDescribe(SessionRecord session)
    {
        try
        {
            return new(session);
        }
        catch (Exception error)
        {
            JournalLog.NotDescribed(_logger, session.Id, error);
            Lose(1);
            return null;
        }
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
        _file.Dispose();
    }
}
