using Gateway.Server.Configuration;

namespace Gateway.Server.Delivery;

/// <summary>
/// The time that one delivery has, from the end of the client's data. Until the end of the message is written to the smart host
/// it is <see cref="DeliveryOptions.Deadline"/>; after that only the smart host's reply is missing, and the wait for it is longer.
/// </summary>
internal sealed class DeliveryBudget : IDisposable
{
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _stopped;
    private TimeSpan _limit;

    public DeliveryBudget(DeliveryOptions options, TimeProvider time, CancellationToken stop)
    {
        _options = options;
        _time = time;
        _started = time.GetTimestamp();
        _limit = options.Deadline;
        _source = new(_limit, time);
        _stopped = stop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Cancelled when the time is over, or when the gateway stops.</summary>
    public CancellationToken Token => _source.Token;

    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>The reason, with the limit when the limit ended the delivery.</summary>
    public string Explain(string reason) => Elapsed < _limit ? reason : $"no answer within {_limit.TotalSeconds:0} s ({reason})";

    /// <summary>The end of the message is about to be written, and the smart host may take the message from now on.</summary>
    public void AwaitReply()
    {
        _limit = _options.FinalReplyDeadline;
        var rest = _limit - Elapsed;
        _source.CancelAfter(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
    }

    public void Dispose()
    {
        _stopped.Dispose();
        _source.Dispose();
    }
}
