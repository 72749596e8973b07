using System.Globalization;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>
/// The questions of one lookup under one deadline. The clock is only wound up when an answer has to be waited for: what a
/// cache answers at once costs no timer. A question that the deadline overtakes is not cancelled: the resolver bounds it
/// anyway, and its late answer lies in the cache when the deferred client comes again.
/// </summary>
internal sealed class Inquiry(IDnsResolver resolver, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private readonly long _started = time.GetTimestamp();
    private TaskCompletionSource? _passed;
    private ITimer? _timer;

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Completes when the deadline has passed.</summary>
    public Task Deadline
    {
        get
        {
            if (_passed is null)
            {
                _passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var left = deadline > Elapsed ? deadline - Elapsed : TimeSpan.Zero;
                _timer = time.CreateTimer(static passed => ((TaskCompletionSource)passed!).TrySetResult(), _passed, left, Timeout.InfiniteTimeSpan);
            }
            return _passed.Task;
        }
    }

    /// <summary>Asks without regard to the deadline. Whatever goes wrong is an answer, and a temporary one.</summary>
    public async ValueTask<TrailStep> AskAsync(DnsQuestion question)
    {
        var asked = time.GetTimestamp();
        DnsAnswer answer;
        try
        {
            answer = await resolver.ResolveAsync(question, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The resolver promises values. If it breaks the promise, the client is not to blame for it.
            answer = Failed(question, DnsStatus.ServerFailure, $"the resolver failed because of a bug ({error.GetType().Name})");
        }
        return new(answer, time.GetElapsedTime(asked));
    }

    /// <summary>Asks and waits, but not beyond the deadline.</summary>
    public ValueTask<TrailStep> AskInTimeAsync(DnsQuestion question)
    {
        var asking = AskAsync(question);
        return asking.IsCompleted ? asking : InTimeAsync(asking.AsTask(), question);
    }

    private async ValueTask<TrailStep> InTimeAsync(Task<TrailStep> asking, DnsQuestion question) =>
        await Task.WhenAny(asking, Deadline) == asking ? await asking : Unanswered(question);

    /// <summary>What is recorded for a question that the deadline overtook.</summary>
    public TrailStep Unanswered(DnsQuestion question) => new(
        Failed(question, DnsStatus.TimedOut, string.Create(CultureInfo.InvariantCulture, $"no answer within {deadline.TotalSeconds:0.###} s")),
        Elapsed);

    public void Dispose() => _timer?.Dispose();

    private static DnsAnswer Failed(DnsQuestion question, DnsStatus status, string detail) =>
        new(question, status, [], [], TimeSpan.Zero, detail);
}
