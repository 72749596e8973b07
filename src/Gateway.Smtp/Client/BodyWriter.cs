namespace Gateway.Smtp;

/// <summary>
/// Writes a message behind what already stands in the buffer: stuffed, with a final CRLF only where it is missing, and the
/// end-of-data line. A small message leaves with its end in one write, so that no segment waits for an acknowledgement
/// (RFC 1122 §4.2.3.4); a large one leaves in blocks of the buffer's size.
/// </summary>
internal sealed class BodyWriter(SmtpConnection connection, OutputBuffer output, OutgoingMessage message, TimeSpan blockTimeout, Action? beforeEnd)
{
    // "\r\n.\r\n" is kept free, or a message could fill the buffer to the brim and its end would travel alone.
    private const int EndLength = 5;

    private const string Phase = "message";

    private DotStuffer _stuffer;

    /// <summary>A write that contains the end of data was begun: the server may have the whole message.</summary>
    public bool EndWritten { get; private set; }

    public async ValueTask WriteAsync()
    {
        await foreach (var piece in message.ReadAsync(connection.Deadline.Token))
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
        BeginEnd();
        await FlushAsync();
    }

    /// <summary>The last moment at which the message can still be kept back.</summary>
    private void BeginEnd()
    {
        // What stands there now was said before the message was complete. It cannot be the answer to it, whatever it says.
        if (!connection.IsSilent())
            throw SmtpConnectionException.OutOfStep("the server answered or closed the connection before it had the whole message", Phase);
        beforeEnd?.Invoke();
        if (connection.Deadline.HasPassed)
            throw connection.Deadline.Passed("the message was not sent");
        EndWritten = true;
    }

    private async ValueTask FlushAsync()
    {
        if (output.Length == 0)
            return;
        await connection.WriteCommandsAsync(output.Written, Phase, blockTimeout);
        output.Clear();
    }
}
