namespace Gateway.Smtp;

/// <summary>
/// Writes a message after the octets that are in the buffer already: dot-stuffed, with a final CRLF where it is missing, and with the end-of-data
/// line. A small message and its end leave in one write, so that no segment waits for an acknowledgement (RFC 1122 §4.2.3.4). A large message
/// leaves in blocks of the buffer's size.
/// </summary>
internal sealed class BodyWriter(SmtpConnection connection, OutputBuffer output, OutgoingMessage message, TimeSpan blockTimeout, Action? beforeEnd)
{
    // Room for "\r\n.\r\n" is kept, so that the end of a message that fills the buffer does not leave in a write of its own.
    private const int EndLength = 5;

    private const string Phase = "message";

    private DotStuffer _stuffer;

    /// <summary>A write that contains the end of data has begun, so the server may have the whole message.</summary>
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

    /// <summary>Checks for the last time whether the message may be completed.</summary>
    private void BeginEnd()
    {
        // The server sent what is there now before the message was complete, so it cannot be the reply to the message.
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
