using System.Runtime.CompilerServices;

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

    /// <summary>The octets in order, in pieces of what the content gives; nothing is copied.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Prefix.IsEmpty)
            yield return Prefix;

        long at = 0;
        var next = 0;
        await foreach (var piece in Content.ReadAsync(cancellationToken))
        {
            var rest = piece;
            while (!rest.IsEmpty)
            {
                while (next < Omitted.Count && Omitted[next].End <= at)
                    next++;
                var gap = next < Omitted.Count ? Omitted[next] : new ContentRange(long.MaxValue, long.MaxValue);
                var isKept = at < gap.Start;
                var length = (int)Math.Min(rest.Length, (isKept ? gap.Start : gap.End) - at);
                if (isKept)
                    yield return rest[..length];
                rest = rest[length..];
                at += length;
            }
        }
    }
}
