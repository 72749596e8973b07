namespace Gateway.Smtp;

/// <summary>
/// The one time limit of a session. Moving it is a field that is written: the timer is set again only when it fires early,
/// or must fire sooner. The session and the timer's callback share the fields under one lock.
/// </summary>
internal sealed class SessionDeadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _expired;
    private long _due = long.MaxValue;
    private long _scheduled = long.MaxValue;

    public SessionDeadline(TimeProvider time, CancellationTokenSource expired)
    {
        _time = time;
        _expired = expired;
        _timer = time.CreateTimer(static self => ((SessionDeadline)self!).OnTimer(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public bool HasExpired { get; private set; }

    /// <summary>The timestamp a while from now.</summary>
    public long After(TimeSpan span)
    {
        var now = _time.GetTimestamp();
        var length = span.TotalSeconds * _time.TimestampFrequency;
        return length < long.MaxValue - now ? now + (long)length : long.MaxValue;
    }

    /// <summary>The client is waited for from now on, unless it was already.</summary>
    public void Start(TimeSpan limit)
    {
        // Only the session writes it, and so does not need the lock to read it.
        if (_due == long.MaxValue)
            Set(After(limit));
    }

    /// <summary>Expires at that timestamp, unless moved.</summary>
    public void Set(long due)
    {
        lock (_gate)
        {
            _due = due;
            if (due < _scheduled)
                Schedule(_time.GetTimestamp());
        }
    }

    /// <summary>
    /// While it is not the client that is waited for. A deadline that expires at this very moment stays expired: the client
    /// was as late as that.
    /// </summary>
    public void Pause()
    {
        if (_due == long.MaxValue)
            return;
        lock (_gate)
            _due = long.MaxValue;
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_gate)
        {
            _scheduled = long.MaxValue;
            if (_due == long.MaxValue)
                return;
            var now = _time.GetTimestamp();
            if (now < _due)
            {
                Schedule(now);
                return;
            }
            HasExpired = true;
        }
        _expired.Cancel();
    }

    private void Schedule(long now)
    {
        // Not below a millisecond, the resolution of timers, and not above what they take.
        var wait = Math.Clamp((double)(_due - now) / _time.TimestampFrequency, 0.001, 1_000_000);
        _scheduled = _due;
        _timer.Change(TimeSpan.FromSeconds(wait), Timeout.InfiniteTimeSpan);
    }
}
