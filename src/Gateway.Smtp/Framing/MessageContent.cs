namespace Gateway.Smtp;

/// <summary>
/// The octets of one message as they were received: dot-stuffing undone (RFC 5321 §4.5.2), the end-of-data line not part of
/// it, nothing else changed. Written once, then read any number of times.
/// </summary>
public abstract class MessageContent : IAsyncDisposable
{
    /// <summary>Octets.</summary>
    public abstract long Length { get; }

    /// <summary>Whether an octet above 127 occurs (RFC 6152).</summary>
    public abstract bool HasEightBit { get; }

    /// <summary>
    /// Whether the last line has its CRLF. BDAT can bring a message without (RFC 3030), and who passes it on with DATA must
    /// then add one. True of an empty message.
    /// </summary>
    public abstract bool EndsWithNewline { get; }

    /// <summary>Content that is at hand already; disposing it does nothing.</summary>
    public static MessageContent FromBytes(ReadOnlyMemory<byte> octets) => new MemoryContent(octets);

    /// <summary>
    /// The octets in order, in pieces that are valid until the next one is asked for. In memory no piece is copied and
    /// nothing is awaited.
    /// </summary>
    public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
