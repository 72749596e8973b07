namespace Gateway.Dns.Tests;

/// <summary>Time that passes only when a test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _changing = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => new(GetTimestamp());

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan span)
    {
        ManualTimer[] due;
        lock (_changing)
        {
            _ticks += span.Ticks;
            due = [.. _timers.Where(timer => timer.Due <= _ticks)];
            _timers.RemoveAll(timer => timer.Due <= _ticks);
        }
        foreach (var timer in due)
            timer.Fire();
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public long Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._changing)
            {
                time._timers.Remove(this);
                Due = time._ticks + dueTime.Ticks;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    time._timers.Add(this);
            }
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
