using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Dns;

/// <summary>
/// Keeps answers for as long as they say, and asks each question only once at a time (RFC 5452 §5 names why: many equal
/// questions under way make forged answers likelier, and they burden the server).
/// </summary>
public sealed class CachingResolver(IDnsResolver inner, DnsCacheOptions options, TimeProvider time) : IDnsResolver
{
    private readonly CacheTable _table = new(options, time);
    private readonly ConcurrentDictionary<DnsQuestion, TaskCompletionSource<DnsAnswer>> _flights = new(QuestionComparer.Instance);
    private long _hits;
    private long _misses;
    private int _inFlight;
    private int _generation;

    /// <summary>Questions answered from memory.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Questions that had to wait for an answer, including those that shared the wait.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Different questions under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Answers kept, of which some may be over.</summary>
    public int Count => _table.Count;

    /// <summary>About the memory of the kept answers.</summary>
    public long Octets => _table.Octets;

    /// <summary>The answer if it is kept; asks nobody.</summary>
    public bool TryGet(DnsQuestion question, [NotNullWhen(true)] out DnsAnswer? answer)
    {
        if (!_table.TryGet(question, out answer))
            return false;
        Interlocked.Increment(ref _hits);
        return true;
    }

    /// <summary>Forgets all answers; those that are under way are given to who waits for them, and not kept.</summary>
    public void Clear()
    {
        Interlocked.Increment(ref _generation);
        _table.Clear();
    }

    public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<DnsAnswer>(cancellationToken);
        if (TryGet(question, out var answer))
            return new(answer);
        Interlocked.Increment(ref _misses);
        return new(JoinFlight(question).WaitAsync(cancellationToken));
    }

    // Nobody cancels a flight: others may be waiting, and the inner resolver has its own deadline.
    private Task<DnsAnswer> JoinFlight(DnsQuestion question)
    {
        if (_flights.TryGetValue(question, out var flight))
            return flight.Task;
        var mine = new TaskCompletionSource<DnsAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        flight = _flights.GetOrAdd(question, mine);
        if (flight == mine)
            _ = FlyAsync(question, mine);
        return flight.Task;
    }

    private async Task FlyAsync(DnsQuestion question, TaskCompletionSource<DnsAnswer> flight)
    {
        Interlocked.Increment(ref _inFlight);
        // An earlier flight may have landed between the look into the table and the start of this one.
        if (!_table.TryGet(question, out var answer))
            answer = await AskAsync(question);
        _flights.TryRemove(question, out _);
        Interlocked.Decrement(ref _inFlight);
        flight.SetResult(answer);
    }

    private async ValueTask<DnsAnswer> AskAsync(DnsQuestion question)
    {
        try
        {
            var generation = Volatile.Read(ref _generation);
            var answer = await inner.ResolveAsync(question, CancellationToken.None);
            answer = answer with { Question = question, TimeToLive = Bounded(answer) };
            if (generation == Volatile.Read(ref _generation))
                _table.Put(answer);
            return answer;
        }
#pragma warning disable CA1031 // Waiters must hear something: a resolver that breaks its word is trouble of ours, which is temporary.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new(question, DnsStatus.ServerFailure, [], [], options.Failure, $"the resolver failed ({e.GetType().Name})");
        }
    }

    private TimeSpan Bounded(DnsAnswer answer)
    {
        if (answer.IsTemporaryFailure)
            return options.Failure;
        var most = answer.Status == DnsStatus.Found ? options.MaxPositive : options.MaxNegative;
        return answer.TimeToLive < most ? answer.TimeToLive : most;
    }
}
