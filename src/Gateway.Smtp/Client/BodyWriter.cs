namespace Gateway.Smtp;

/// <summary>
/// Writes a message behind what already stands in the buffer. A small one leaves with its end in one write, so that no
/// segment waits for an acknowledgement (RFC 1122 §4.2.3.4); a large one leaves in blocks of the buffer's size.
/// </summary>
internal sealed class BodyWriter(Wire wire, OutputBuffer output, OutgoingMessage message, TimeSpan blockTimeout)
{
    // "\r\n.\r\n" is kept free, or a message could fill the buffer to the brim and its end would travel alone.
    private const int EndLength = 5;

    private DotStuffer _stuffer;

    /// <summary>A write that contains the end of data was begun: the server may have the whole message.</summary>
    public bool EndWritten { get; private set; }

    /// <summary>For DATA: stuffed, with a final CRLF added only where it is missing, and the end-of-data line.</summary>
    public async ValueTask WriteStuffedAsync()
    {
        await foreach (var piece in message.ReadAsync(wire.Deadline.Token))
        {
            for (var rest = piece; !rest.IsEmpty;)
            {
                output.Advance(_stuffer.Encode(rest.Span, output.Free[..^EndLength], out var consumed));
                rest = rest[consumed..];
                if (!rest.IsEmpty)
                    await FlushAsync();
            }
        }
        output.Append(_stuffer.AtLineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);
        EndWritten = true;
        await FlushAsync();
    }

    /// <summary>For BDAT (RFC 3030): as it is. Large pieces are written from where they lie.</summary>
    public async ValueTask WritePlainAsync()
    {
        var missing = message.Length;
        output.Append("BDAT "u8);
        output.Append(missing);
        output.Append(" LAST\r\n"u8);
        await foreach (var piece in message.ReadAsync(wire.Deadline.Token))
        {
            // The chunk's size is promised: more would be taken for commands.
            if (piece.Length > missing)
                throw new InvalidDataException("the message is longer than it said");
            missing -= piece.Length;
            if (piece.Length > output.Room)
                await FlushAsync(isEnd: false);
            if (piece.Length <= output.Room)
                output.Append(piece.Span);
            else
                await WriteAsync(piece, isEnd: missing == 0);
        }
        if (missing > 0)
            throw new InvalidDataException("the message is shorter than it said");
        await FlushAsync(isEnd: true);
    }

    private ValueTask FlushAsync() => FlushAsync(EndWritten);

    private async ValueTask FlushAsync(bool isEnd)
    {
        if (output.Length == 0)
            return;
        await WriteAsync(output.Written, isEnd);
        output.Clear();
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> octets, bool isEnd)
    {
        EndWritten |= isEnd;
        return wire.WriteAsync(octets, "message", blockTimeout);
    }
}
