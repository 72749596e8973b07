using System.Buffers;
using System.Globalization;

namespace Gateway.Smtp;

// How a message comes in, by DATA (RFC 5321 §4.1.1.4) or by BDAT (RFC 3030 §2), and is decided.
public sealed partial class SmtpSession
{
    private async ValueTask<CommandOutcome> DataAsync(string argument)
    {
        var transaction = session.Transaction!;
        if (argument.Length > 0)
            return Mistake(ServerReplies.NoArgument);
        if (transaction.Recipients == 0)
            return Mistake(WithoutRecipients(transaction));
        var outcome = await handler.DataAsync(transaction.Envelope, _aborted);
        if (outcome.Reply is not null)
            return outcome;
        _next = Next.Message;
        return Worded(Verb.Data, ServerReplies.StartMail);
    }

    private async ValueTask<CommandOutcome> BdatAsync(string argument)
    {
        if (!TryReadChunk(argument, out var octets, out var isLast))
        {
            session.End = SessionEnd.ProtocolViolation;
            return Mistake(ServerReplies.ChunkExpected);
        }
        var message = await ChunkedMessageAsync();
        if (message is null)
        {
            var refusal = Mistake(session.Transaction is { } without ? WithoutRecipients(without) : OutOfSequence());
            return await ReceiveAsync(null, octets, _wire.Deadline.After(_options.MessageTimeout)) ? refusal : default;
        }
        if (!await ReceiveAsync(message.Refusal is null ? message : null, octets, message.NotAfter))
            return default;
        if (isLast)
            return await DecideAsync();
        message.Refusal ??= Refuse(message);
        var taken = message.Refusal ?? new Reply(250, 0, 0, $"{octets} octets received");
        return octets == 0 ? Idle(taken) : taken;
    }

    /// <summary>The message that a chunk belongs to; null when there can be none.</summary>
    private async ValueTask<IncomingMessage?> ChunkedMessageAsync()
    {
        if (session.Transaction is not { Recipients: > 0 } transaction)
            return null;
        if (transaction.Message is { } begun)
            return begun;
        var outcome = await handler.DataAsync(transaction.Envelope, _aborted);
        var message = Begin(isChunked: true);
        message.Refusal = outcome.Reply;
        return message;
    }

    private IncomingMessage Begin(bool isChunked)
    {
        _next = Next.Command;
        var bare = session.IsOwnClient ? _options.OwnClientBareNewline : _options.BareNewline;
        return session.Transaction!.Message = new(
            bare, new MessageBuffer(_options.Messages, _options.MaxMessageSize), new DotDecoder(bare, isChunked),
            _wire.Deadline.After(_options.MessageTimeout));
    }

    /// <summary>Takes the octets of a message, or of a chunk, off the wire. False: the wire was lost before they had all come.</summary>
    /// <param name="message">Keeps the octets; null forgets them.</param>
    /// <param name="octets">How many may come at the most.</param>
    /// <param name="notAfter">The timestamp at which all of them must have come.</param>
    private async ValueTask<bool> ReceiveAsync(IncomingMessage? message, long octets, long notAfter)
    {
        while (true)
        {
            if (_wire.TryRead(out var read))
            {
                var taken = await TakeAsync(message, read.Buffer.Slice(0, Math.Min(octets, read.Buffer.Length)));
                octets -= taken;
                if (octets == 0 || message is { Decoder.IsComplete: true })
                {
                    _wire.Take(read.Buffer.GetPosition(taken));
                    _wire.Deadline.Pause();
                    return true;
                }
                _wire.TakeAndWant(read, read.Buffer.GetPosition(taken));
            }
            else if (octets == 0)
            {
                return true;
            }
            _wire.Deadline.Set(Math.Min(_wire.Deadline.After(_options.DataTimeout), notAfter));
            await _wire.FlushAsync();
            await _wire.WaitAsync();
            if (_wire.Lost is not null)
                return false;
        }
    }

    private async ValueTask<long> TakeAsync(IncomingMessage? message, ReadOnlySequence<byte> octets)
    {
        if (message is null)
            return octets.Length;
        var taken = 0L;
        foreach (var piece in octets)
        {
            taken += message.Decoder.Decode(piece.Span, message.Content);
            if (message.Content.WantsFlush)
                await message.Content.FlushAsync(_aborted);
            if (message.Decoder.IsComplete)
                break;
        }
        if (IsSmuggled(message))
            message.Content.Forget();
        return taken;
    }

    /// <summary>All of the message has come: the handler decides it, unless it cannot be accepted as it is.</summary>
    private async ValueTask<CommandOutcome> DecideAsync()
    {
        var transaction = session.Transaction!;
        var message = transaction.Message!;
        transaction.IsOver = true;
        message.Decoder.CompleteChunks(message.Content);
        await message.Content.CompleteAsync(_aborted);
        CommandOutcome outcome = message.Refusal ?? Refuse(message);
        if (outcome.Reply is null)
        {
            await FlushBeforeLongWorkAsync();
            // A client that has gone will send the message again, so delivering it now would make two.
            if (_wire.Lost is not null)
                return default;
            outcome = await handler.MessageAsync(transaction.Envelope, message.Content, _aborted);
        }
        session.Limits.CountMessage(isTaken: !outcome.IsRefusal);
        return outcome;
    }

    /// <summary>Why the message, as far as it has come, cannot be accepted; null when it can.</summary>
    private Reply? Refuse(IncomingMessage message)
    {
        if (IsSmuggled(message))
            return EndWith(SessionEnd.ProtocolViolation, message.Decoder.HasNulLine ? ServerReplies.NulLineInMessage : ServerReplies.BareNewlineInMessage);
        if (message.Content.IsTooLarge)
            return ServerReplies.TooLarge;
        if (message.Content.Failure is not { } failure)
            return null;
        session.StorageFailure = failure;
        return ServerReplies.NoStorage;
    }

    private static bool IsSmuggled(IncomingMessage message) =>
        message.Decoder.HasNulLine || (message.Bare == BareNewline.Reject && message.Decoder.HasBareNewline);

    private static Reply WithoutRecipients(Transaction transaction) =>
        transaction.HasAskedForRecipients ? ServerReplies.NoRecipients : ServerReplies.RcptFirst;

    /// <summary><c>bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ]</c>.</summary>
    private static bool TryReadChunk(ReadOnlySpan<char> argument, out long octets, out bool isLast)
    {
        var space = argument.IndexOf(' ');
        var size = space < 0 ? argument : argument[..space];
        isLast = space >= 0 && argument[(space + 1)..].Trim(' ').Equals("LAST", StringComparison.OrdinalIgnoreCase);
        return long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out octets) && (isLast || space < 0);
    }
}
