namespace Gateway.Lab.Conversations;

/// <summary>
/// A clock that stands still until it is moved: a conversation's five minutes of silence take no time. Timers that fall due
/// ring in the order of their times, each while the clock shows its own. Safe for concurrent use.
/// </summary>
public sealed class StagedTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<StagedTimer> _timers = [];
    private DateTimeOffset _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new StagedTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Somebody waits for a time that comes within the duration. What rings again and again is nobody who waits.</summary>
    public bool IsAwaitedWithin(TimeSpan duration)
    {
        lock (_lock)
            return _timers.Exists(timer => timer.Period <= TimeSpan.Zero && timer.Due <= _now + duration);
    }

    public void Advance(TimeSpan duration)
    {
        var end = GetUtcNow() + duration;
        while (TakeDue(end) is { } ring)
            ring();
        lock (_lock)
            _now = end;
    }

    private Action? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null)
                return null;
            _now = next.Due > _now ? next.Due : _now;
            if (next.Period > TimeSpan.Zero)
                next.Due += next.Period;
            else
                _timers.Remove(next);
            return next.Ring;
        }
    }

    private sealed class StagedTimer(StagedTime time, Action ring) : ITimer
    {
        public Action Ring { get; } = ring;
        public DateTimeOffset Due { get; set; }
        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._now + dueTime;
                    time._timers.Add(this);
                }
            }
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
