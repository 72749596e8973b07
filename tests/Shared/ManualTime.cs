namespace Gateway.Tests;

/// <summary>
/// A clock that stands until it is moved, for the tests of all libraries. What falls due rings in the order of its times, each while
/// the clock shows its own, on the thread that moves it.
/// </summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not zero: what subtracts from now must not be surprised.
    private long _now = TimeSpan.TicksPerDay;
    private int _timersMade;

    public int TimersMade => Volatile.Read(ref _timersMade);

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => new(GetTimestamp() - TimeSpan.TicksPerDay);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timersMade);
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends as soon as somebody waits for just this long.</summary>
    public async Task WhenWaitingForAsync(TimeSpan span)
    {
        while (true)
        {
            Task armed;
            lock (_gate)
            {
                if (_timers.Exists(timer => timer.Due == _now + span.Ticks))
                    return;
                armed = _armed.Task;
            }
            await armed;
        }
    }

    public void Advance(TimeSpan span)
    {
        var end = GetTimestamp() + span.Ticks;
        while (NextUpTo(end) is { } timer)
            timer.Ring();
        Interlocked.Exchange(ref _now, end);
    }

    private Timer? NextUpTo(long end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null)
                return null;
            Interlocked.Exchange(ref _now, Math.Max(_now, next.Due));
            _timers.Remove(next);
            return next;
        }
    }

    /// <summary>Rings once: nothing here wants a period.</summary>
    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._now + dueTime.Ticks;
                time._timers.Add(this);
                time._armed.TrySetResult();
                time._armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
