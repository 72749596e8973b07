namespace Gateway.Smtp;

/// <summary>
/// The one timer of a connection. Each phase moves it forward (RFC 5321 §4.5.3.2), and the caller's cancellation ends it as well. When it
/// has passed, the connection is not used again, except to say QUIT. It is never disposed: without a running timer it holds nothing, and a
/// late cancellation still finds it.
/// </summary>
#pragma warning disable CA1001 // A source that is never disposed cannot throw in somebody's Cancel().
internal sealed class ClientDeadline(TimeProvider time)
#pragma warning restore CA1001
{
    private CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);
    private volatile bool _isCancelled;
    private string _phase = "";
    private TimeSpan _limit;

    public CancellationToken Token => _source.Token;

    public bool HasPassed => _source.IsCancellationRequested;

    public void Set(string phase, TimeSpan limit)
    {
        _phase = phase;
        _limit = limit;
        _source.CancelAfter(limit);
    }

    /// <summary>The same phase begins again: the server has sent something.</summary>
    public void Restart() => _source.CancelAfter(_limit);

    public void Clear() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Begins again after it has passed, for a QUIT. A cancellation that has happened does not count any more.</summary>
    public void Renew()
    {
        if (!HasPassed)
            return;
        _source = new(Timeout.InfiniteTimeSpan, time);
        _isCancelled = false;
    }

    public CancellationTokenRegistration EndWith(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((ClientDeadline)state!).Cancel(), this);

    /// <summary>The exception that says why it has passed.</summary>
    /// <param name="undone">What did not happen within the limit, as the beginning of a sentence.</param>
    public SmtpConnectionException Passed(string undone) => _isCancelled
        ? new(SmtpConnectionFailure.Cancelled, "cancelled", _phase)
        : new(SmtpConnectionFailure.TimedOut, FormattableString.Invariant($"{undone} within {_limit.TotalSeconds:0.###} s"), _phase);

    private void Cancel()
    {
        _isCancelled = true;
        _source.Cancel();
    }
}
