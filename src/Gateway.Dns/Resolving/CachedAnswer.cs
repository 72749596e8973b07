namespace Gateway.Dns;

/// <summary>An answer and when it came. What it gives is aged by whole seconds, rounded up: no TTL ever promises too much.</summary>
internal sealed class CachedAnswer(DnsAnswer answer, TimeProvider time)
{
    private sealed record Aged(long Seconds, DnsAnswer Answer);

    private readonly long _start = time.GetTimestamp();
    private Aged _latest = new(0, answer);

    /// <summary>Roughly the memory behind the answer.</summary>
    public int Octets { get; } = SizeOf(answer);

    /// <summary>The answer as it is now; null when its time is over.</summary>
    public DnsAnswer? Now()
    {
        var age = time.GetElapsedTime(_start);
        if (age >= answer.TimeToLive)
            return null;
        var seconds = (age.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        // One object serves all who ask within the same second. Two may race to make it; either is right.
        var latest = Volatile.Read(ref _latest);
        if (latest.Seconds == seconds)
            return latest.Answer;
        var aged = Age(TimeSpan.FromSeconds(seconds));
        Volatile.Write(ref _latest, new(seconds, aged));
        return aged;
    }

    private DnsAnswer Age(TimeSpan age) => answer with
    {
        TimeToLive = Older(answer.TimeToLive, age),
        Records = Array.ConvertAll([.. answer.Records], record => record with { TimeToLive = Older(record.TimeToLive, age) }),
        Aliases = Array.ConvertAll([.. answer.Aliases], alias => alias with { TimeToLive = Older(alias.TimeToLive, age) }),
    };

    private static TimeSpan Older(TimeSpan timeToLive, TimeSpan age) => timeToLive > age ? timeToLive - age : TimeSpan.Zero;

    // 512 for the entry with its table slots and question; per record the objects and a second, aged, copy of its shell.
    private static int SizeOf(DnsAnswer answer)
    {
        var size = 512L + ((answer.Detail?.Length ?? 0) * 2);
        foreach (var alias in answer.Aliases)
            size += 256 + alias.Owner.Wire.Length + alias.Target.Wire.Length;
        foreach (var record in answer.Records)
            size += 256 + ContentSize(record);
        return (int)Math.Min(size, int.MaxValue);
    }

    private static long ContentSize(ResourceRecord record) => record switch
    {
        PtrRecord pointer => pointer.Target.Wire.Length,
        TxtRecord text => text.Strings.Sum(static part => 64L + part.Length),
        OpaqueRecord opaque => opaque.Content.Length,
        _ => 128,
    };
}
