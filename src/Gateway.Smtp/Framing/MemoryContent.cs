using System.Runtime.CompilerServices;
using System.Text;

namespace Gateway.Smtp;

/// <summary>A message that somebody else holds in memory.</summary>
internal sealed class MemoryContent(ReadOnlyMemory<byte> octets) : MessageContent
{
    public override long Length => octets.Length;

    public override bool HasEightBit => !Ascii.IsValid(octets.Span);

    public override bool EndsWithNewline => octets.IsEmpty || octets.Span.EndsWith("\r\n"u8);

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ValueTask.CompletedTask;
        if (!octets.IsEmpty)
            yield return octets;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
