namespace Gateway.Smtp;

/// <summary>A half-open range of octets of a message's content.</summary>
public readonly record struct ContentRange(long Start, long End);

/// <summary>What is sent: new trace fields, then the content as received, less the ranges left out.</summary>
/// <param name="Prefix">Complete header lines, each with its CRLF; may be empty.</param>
/// <param name="Content">The message as received.</param>
/// <param name="Omitted">In order, without overlap; usually none.</param>
public sealed record OutgoingMessage(ReadOnlyMemory<byte> Prefix, MessageContent Content, IReadOnlyList<ContentRange> Omitted)
{
    /// <summary>Octets, as declared by SIZE.</summary>
    public long Length => Prefix.Length + Content.Length - Omitted.Sum(range => range.End - range.Start);
}
