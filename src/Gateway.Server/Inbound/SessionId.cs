namespace Gateway.Server.Inbound;

/// <summary>
/// The id of a session: it stands in replies, trace fields and the log, and can be read over a telephone (Crockford's
/// base 32). Milliseconds of the start above 20 bits of a counter that begins at random: unique over restarts, and in order.
/// </summary>
public sealed class SessionIds(TimeProvider time, int seed)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 13;
    private const int CounterBits = 20;

    private int _counter = seed;

    public string Next()
    {
        var count = (uint)Interlocked.Increment(ref _counter) & ((1 << CounterBits) - 1);
        var value = ((ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits) | count;
        return string.Create(Length, value, static (text, rest) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, rest >>= 5)
                text[i] = Alphabet[(int)(rest & 31)];
        });
    }

    /// <summary>
    /// The id that a person means: in lower case, with what was misread over the telephone (Crockford reads O as 0, I and L as 1),
    /// with the transaction's number behind it as in Received. Null when it can be none.
    /// </summary>
    public static string? Read(string text)
    {
        text = text.Trim();
        if (text.StartsWith("id=", StringComparison.OrdinalIgnoreCase))
            text = text[3..];
        if (text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && text.AsSpan(dot + 1).IndexOfAnyExceptInRange('0', '9') < 0)
            text = text[..dot];
        var id = text.ToUpperInvariant().Replace('O', '0').Replace('I', '1').Replace('L', '1');
        return id.Length == Length && id.All(Alphabet.Contains) ? id : null;
    }

    /// <summary>When the session of an id began.</summary>
    public static DateTimeOffset StartOf(string id)
    {
        var value = id.Aggregate(0UL, static (value, letter) => (value << 5) | (uint)Alphabet.IndexOf(letter, StringComparison.Ordinal));
        // Of 64 bits, 44 are milliseconds: more than DateTimeOffset has.
        return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Min(value >> CounterBits, (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }
}
