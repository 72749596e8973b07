namespace Gateway.Inbound;

/// <summary>
/// The id of a session: it stands in replies, trace fields and the log, and can be read over a telephone (Crockford's
/// base 32). Milliseconds of the start above 20 bits of a counter that begins at random: unique over restarts, and in order.
/// </summary>
public sealed class SessionIds(TimeProvider time, int seed)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 13;

    private int _counter = seed;

    public string Next()
    {
        var count = (uint)Interlocked.Increment(ref _counter) & 0xFFFFF;
        var value = ((ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 20) | count;
        return string.Create(Length, value, static (text, rest) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, rest >>= 5)
                text[i] = Alphabet[(int)(rest & 31)];
        });
    }
}
