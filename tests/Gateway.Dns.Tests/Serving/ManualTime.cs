namespace Gateway.Dns.Tests.Serving;

/// <summary>Time that stands still until a test moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends as soon as somebody waits for just this long.</summary>
    public async Task WhenWaitingForAsync(TimeSpan span)
    {
        while (true)
        {
            Task armed;
            lock (_lock)
            {
                if (_timers.Exists(timer => timer.Due == _now + span))
                    return;
                armed = _armed.Task;
            }
            await armed;
        }
    }

    public void Advance(TimeSpan span)
    {
        List<Timer> due;
        lock (_lock)
        {
            _now += span;
            due = _timers.FindAll(timer => timer.Due <= _now);
            _timers.RemoveAll(timer => timer.Due <= _now);
        }
        foreach (var timer in due)
            timer.Fire();
    }

    private sealed class Timer(ManualTime time, Action callback) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime < TimeSpan.Zero)
                    return true;
                Due = time._now + dueTime;
                time._timers.Add(this);
                time._armed.TrySetResult();
                time._armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
