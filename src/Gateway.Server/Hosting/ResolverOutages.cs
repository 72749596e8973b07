using Gateway.Dns;

namespace Gateway.Server.Hosting;

/// <summary>
/// Passes questions on to the DNS, and tells the operator when its servers answer none any more: once when that begins, and once when it is over.
/// That one name cannot be looked up says nothing about the servers, so a failure only makes this ask by itself, off the mail path: for our own
/// name and for the root's name servers. Safe for concurrent use.
/// </summary>
/// <param name="inner">Asks the servers; keeps nothing.</param>
/// <param name="hostName">Our own name.</param>
/// <param name="servers">Who is asked, for the log.</param>
/// <param name="logger">Asked for when there is something to say.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // Never disposed: a source without a timer or a wait handle holds nothing, and questions may still be under way.
internal sealed class ResolverOutages(IDnsResolver inner, DomainName hostName, string servers, Func<ILogger> logger, TimeProvider time) : IDnsResolver
#pragma warning restore CA1001
{
    /// <summary>For one answer to a question of our own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>From one question of our own to the next: many failures ask no more than one.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Two misses in a row are an outage, three answers in a row are its end: a lost packet is neither.
    private const int MissesOfAnOutage = 2;
    private const int AnswersOfItsEnd = 3;

    // A server that has our questions in its cache and reaches nobody else answers us, and SERVFAIL to everything that matters.
    private const int FailuresOfAnOutage = 50;
    private static readonly TimeSpan SilenceOfAnOutage = TimeSpan.FromSeconds(30);

    // Cancelled when other servers are asked.
    private readonly CancellationTokenSource _retired = new();
    // Nobody has answered yet: a check at the start has to ask.
    private long _answeredAt = time.GetTimestamp() - (long)(Interval.TotalSeconds * time.TimestampFrequency);
    private int _failures;
    private int _isLooking;
    private volatile string? _trouble;

    public async ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        var answer = await inner.ResolveAsync(question, cancellationToken);
        if (answer.IsTemporaryFailure)
            Failed(answer.Detail ?? answer.Status.ToString());
        else
            Answered();
        return answer;
    }

    /// <summary>Why the servers are no use at the moment; null when they answer. Asks them, unless one has answered just now.</summary>
    public async Task<string?> CheckAsync() =>
        _trouble ?? (time.GetElapsedTime(Volatile.Read(ref _answeredAt)) < Interval && Volatile.Read(ref _failures) == 0 ? null : await AskAsync());

    /// <summary>Other servers are asked from now on: nothing more is said about these.</summary>
    public void Retire() => _retired.Cancel();

    private void Answered()
    {
        Volatile.Write(ref _answeredAt, time.GetTimestamp());
        Volatile.Write(ref _failures, 0);
    }

    private void Failed(string reason)
    {
        Interlocked.Increment(ref _failures);
        if (Interlocked.Exchange(ref _isLooking, 1) == 0)
            _ = Task.Run(() => LookAsync(reason));
    }

    private async Task LookAsync(string reason)
    {
        try
        {
            if (await IsOutageAsync(reason) is not { } trouble)
                return;
            _trouble = trouble;
            HostingLog.ResolverGone(logger(), servers, Inbound.SafeText.Of(trouble, 600));
            await WaitForEndAsync();
            HostingLog.ResolverBack(logger(), servers);
            _trouble = null;
        }
        catch (OperationCanceledException)
        {
            // Retired.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    /// <summary>What is wrong; null when a server has answered, and after a pause, so that failures do not ask without end.</summary>
    private async Task<string?> IsOutageAsync(string reason)
    {
        for (var misses = 0; ;)
        {
            var trouble = await AskAsync();
            misses = trouble is null ? 0 : misses + 1;
            if (misses == MissesOfAnOutage)
                return trouble;
            if (IsSilent)
                return $"every query of the last {SilenceOfAnOutage.TotalSeconds:0} s failed, for example because {reason}";
            await Task.Delay(Interval, time, _retired.Token);
            if (misses == 0 || Volatile.Read(ref _failures) == 0)
                return null;
        }
    }

    private bool IsSilent => Volatile.Read(ref _failures) >= FailuresOfAnOutage && time.GetElapsedTime(Volatile.Read(ref _answeredAt)) >= SilenceOfAnOutage;

    private async Task WaitForEndAsync()
    {
        for (var answers = 0; answers < AnswersOfItsEnd;)
        {
            await Task.Delay(Interval, time, _retired.Token);
            answers = !IsSilent && await AskAsync() is null ? answers + 1 : 0;
        }
    }

    /// <summary>Null when one of two questions was answered; what the answer is does not matter.</summary>
    private async Task<string?> AskAsync()
    {
        using var late = new CancellationTokenSource(Patience, time);
        var own = AskAsync(new(hostName, RecordType.A), late.Token);
        var root = AskAsync(new(DomainName.Root, RecordType.Ns), late.Token);
        var first = await Task.WhenAny(own, root);
        if (await first is null)
        {
            await late.CancelAsync();
            return null;
        }
        return await root is null ? null : await own;
    }

    private async Task<string?> AskAsync(DnsQuestion question, CancellationToken late)
    {
        try
        {
            var answer = await inner.ResolveAsync(question, late);
            return answer.IsTemporaryFailure ? answer.Detail ?? answer.Status.ToString() : null;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }
}
