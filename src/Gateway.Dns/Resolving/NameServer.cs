using System.Net;

namespace Gateway.Dns;

/// <summary>One server and what is remembered of it. Fields are single words: a race costs a query, not an answer.</summary>
internal sealed class NameServer(IPEndPoint endPoint, TimeProvider time, StubResolverOptions options)
{
    private const int MaxDoublings = 4;

    // Long enough to save the second query, short enough to notice an upgrade (as named and unbound do).
    private static readonly TimeSpan WithoutEdnsMemory = TimeSpan.FromMinutes(15);

    private long _silentUntil = long.MinValue;
    private long _withoutEdnsUntil = long.MinValue;
    private int _silences;

    public IPEndPoint EndPoint { get; } = endPoint;

    public string Text { get; } = endPoint.ToString();

    public string AnswerText { get; } = $"answered by {endPoint}";

    public bool UnderstandsEdns => time.GetTimestamp() >= Volatile.Read(ref _withoutEdnsUntil);

    /// <summary>
    /// Whether to ask others first. When the memory ends, one question goes to the server to see, and the others are
    /// spared the wait until it is known.
    /// </summary>
    public bool IsAvoided()
    {
        if (Volatile.Read(ref _silences) == 0)
            return false;
        var until = Volatile.Read(ref _silentUntil);
        return time.GetTimestamp() < until
            || Interlocked.CompareExchange(ref _silentUntil, After(options.AttemptTimeout * 2), until) != until;
    }

    public void Answered() => Volatile.Write(ref _silences, 0);

    public void WasSilent()
    {
        var silences = Interlocked.Increment(ref _silences);
        Volatile.Write(ref _silentUntil, After(options.SilenceMemory * (1 << Math.Min(silences - 1, MaxDoublings))));
    }

    public void RefusedEdns() => Volatile.Write(ref _withoutEdnsUntil, After(WithoutEdnsMemory));

    private long After(TimeSpan span) => time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);
}
