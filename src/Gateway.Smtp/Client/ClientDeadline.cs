namespace Gateway.Smtp;

/// <summary>
/// The one timer of a connection, moved forward by phase (RFC 5321 §4.5.3.2); the caller's cancellation ends in it too.
/// Once passed, the connection is spent. It stays undisposed: disarmed it holds nothing, and a late cancellation finds it alive.
/// </summary>
#pragma warning disable CA1001 // A source that is never disposed cannot throw in somebody's Cancel().
internal sealed class ClientDeadline
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _source;
    private volatile bool _isAbandoned;
    private string _phase = "";
    private TimeSpan _limit;

    public ClientDeadline(TimeProvider time)
    {
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Token = _source.Token;
    }

    public CancellationToken Token { get; }

    public bool HasPassed => Token.IsCancellationRequested;

    public string Reason => _isAbandoned ? $"{_phase}: cancelled" : $"{_phase}: no progress within {_limit.TotalSeconds:0.###} s";

    public void Set(string phase, TimeSpan limit)
    {
        _phase = phase;
        _limit = limit;
        _source.CancelAfter(limit);
    }

    public void Clear() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public CancellationTokenRegistration EndWith(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((ClientDeadline)state!).Abandon(), this);

    private void Abandon()
    {
        _isAbandoned = true;
        _source.Cancel();
    }
}
