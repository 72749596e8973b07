using System.Buffers;

namespace Gateway.Fuzzing;

/// <summary>The same octets in pieces, as a network brings them.</summary>
internal static class Cuts
{
    /// <summary>A sequence of segments of that size, the last one perhaps shorter.</summary>
    public static ReadOnlySequence<byte> Segments(ReadOnlySpan<byte> octets, int size)
    {
        var first = new Segment(octets[..Math.Min(size, octets.Length)].ToArray(), 0);
        var last = first;
        for (var at = size; at < octets.Length; at += size)
            last = last.Append(octets.Slice(at, Math.Min(size, octets.Length - at)).ToArray());
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] octets, long start)
        {
            Memory = octets;
            RunningIndex = start;
        }

        public Segment Append(byte[] octets)
        {
            var next = new Segment(octets, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
