using System.Text;
using Gateway.Smtp;

namespace Gateway.Fuzzing.Smtp;

/// <summary>
/// Message data (<see cref="DotDecoder"/>). The first octet tells what becomes of a bare CR or LF, and whether the data come in chunks.
/// However the octets arrive, the message is the same and ends at the same octet; only CRLF.CRLF ends it; what the client then stuffs with
/// dots (<see cref="DotStuffer"/>) is decoded to the same message.
/// </summary>
internal static class DataTarget
{
    private static readonly MessageStore Store = new(Path.GetTempPath(), memoryPerMessage: 1 << 20, memoryInAll: 1 << 30);

    private readonly record struct Decoded(string Text, int Taken, bool IsComplete, bool HasBareNewline, bool HasNulLine);

    public static void Check(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var bare = (input[0] & 1) == 1 ? BareNewline.Normalize : BareNewline.Reject;
        var isChunked = (input[0] & 2) == 2;
        input = input[1..];
        var whole = Decode(input, Math.Max(1, input.Length), bare, isChunked);
        Property.Same(whole, Decode(input, 1, bare, isChunked), "octet by octet, the message is the same");
        Property.Same(whole, Decode(input, 7, bare, isChunked), "in sevens, the message is the same");
        var cut = input.Length / 2;
        Property.Same(whole, Decode(input, Math.Max(1, cut), bare, isChunked), "in halves, the message is the same");
        CheckEnd(input, whole, isChunked);
        if (isChunked)
            Property.Same(input.Length, whole.Taken, "a chunk is taken as a whole");
        // Before its end, the message may stand between a CR and its LF.
        if (!whole.IsComplete && !isChunked)
            return;
        if (bare == BareNewline.Normalize || !whole.HasBareNewline)
            Property.Holds(!HasBare(whole.Text), "a message holds a bare CR or LF that was not noted");
        CheckPassedOn(whole);
    }

    private static Decoded Decode(ReadOnlySpan<byte> input, int size, BareNewline bare, bool isChunked)
    {
        var decoder = new DotDecoder(bare, isChunked);
        using var buffer = new Buffer();
        var taken = 0;
        for (var at = 0; at < input.Length && !decoder.IsComplete; at += size)
        {
            var piece = input.Slice(at, Math.Min(size, input.Length - at));
            taken += decoder.Decode(piece, buffer.Message);
            Property.Holds(taken == at + piece.Length || decoder.IsComplete, "octets were left that belong to the message");
        }
        if (isChunked)
            decoder.CompleteChunks(buffer.Message);
        return new(buffer.Text(), taken, decoder.IsComplete, decoder.HasBareNewline, decoder.HasNulLine);
    }

    /// <summary>The first CRLF.CRLF, or .CRLF at the start, ends a message, and nothing else does (RFC 5321 §4.1.1.4).</summary>
    private static void CheckEnd(ReadOnlySpan<byte> input, Decoded whole, bool isChunked)
    {
        var end = input.StartsWith(".\r\n"u8) ? 3 : input.IndexOf("\r\n.\r\n"u8) is >= 0 and var at ? at + 5 : -1;
        Property.Same(!isChunked && end >= 0, whole.IsComplete, "CRLF.CRLF and nothing else ends a message");
        if (whole.IsComplete)
            Property.Same(end, whole.Taken, "a message ends with the first CRLF.CRLF");
    }

    private static void CheckPassedOn(Decoded message)
    {
        var octets = Encoding.Latin1.GetBytes(message.Text);
        var wire = new byte[2 * octets.Length + 5];
        var stuffer = new DotStuffer();
        var length = 0;
        for (var at = 0; at < octets.Length;)
        {
            length += stuffer.Encode(octets.AsSpan(at, Math.Min(7, octets.Length - at)), wire.AsSpan(length), out var consumed);
            at += consumed;
        }
        var end = stuffer.AtLineStart ? ".\r\n"u8 : "\r\n.\r\n"u8;
        end.CopyTo(wire.AsSpan(length));
        var again = Decode(wire.AsSpan(0, length + end.Length), wire.Length, BareNewline.Reject, isChunked: false);
        Property.Same(length + end.Length, again.Taken, "a message that is passed on ends where it ends");
        Property.Same(stuffer.AtLineStart ? message.Text : message.Text + "\r\n", again.Text, "a message that is passed on is the same message");
        Property.Same(message.HasNulLine, again.HasNulLine, "a line that begins with NUL is seen whichever way it came");
    }

    private static bool HasBare(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'))
                return true;
            if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
                return true;
        }
        return false;
    }

    /// <summary>A message in memory, which gives its memory back.</summary>
    private sealed class Buffer : IDisposable
    {
        public MessageBuffer Message { get; } = new(Store, limit: 1 << 20);

        public string Text()
        {
            var text = new StringBuilder();
            var pieces = Message.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
            while (pieces.MoveNextAsync().AsTask().GetAwaiter().GetResult())
                text.Append(Encoding.Latin1.GetString(pieces.Current.Span));
            Property.Same(Message.Length, text.Length, "a message has the length that it says");
            Property.Same(text.Length == 0 || text.ToString().EndsWith("\r\n", StringComparison.Ordinal), Message.EndsWithNewline, "a message knows its end");
            return text.ToString();
        }

        public void Dispose() => Message.Forget();
    }
}
