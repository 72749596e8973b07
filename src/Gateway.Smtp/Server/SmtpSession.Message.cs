using System.Buffers;
using System.Globalization;

namespace Gateway.Smtp;

// How a message comes in, by DATA (RFC 5321 §4.1.1.4) or by BDAT (RFC 3030 §2), and meets its fate.
public sealed partial class SmtpSession
{
    private async ValueTask<Reply?> DataAsync(string argument)
    {
        var transaction = _transaction!;
        // RFC 2920 §3.1: DATA ends its group. What stands behind it was sent without knowing whether it would be a message.
        if (InStep(await RefuseDataAsync(transaction, argument)) is { } refusal)
            return refusal;
        Say(Verb.Data, Worded(Verb.Data, ServerReplies.StartMail));
        var message = transaction.Message = Begin(isChunked: false);
        return await ReceiveAsync(message, long.MaxValue, message.NotAfter) ? await DecideAsync(transaction, message) : null;
    }

    /// <summary>Null for 354.</summary>
    private async ValueTask<Reply?> RefuseDataAsync(Transaction transaction, string argument) =>
        argument.Length > 0 ? Mistake(ServerReplies.NoArgument)
        : transaction.Recipients == 0 ? Mistake(WithoutRecipients(transaction))
        : await handler.DataAsync(transaction.Envelope, _aborted);

    private async ValueTask<Reply?> BdatAsync(string argument)
    {
        if (!TryReadChunk(argument, out var octets, out var isLast))
        {
            _end = SessionEnd.ProtocolViolation;
            return Mistake(ServerReplies.ChunkExpected);
        }
        var message = await ChunkedMessageAsync();
        if (message is null)
        {
            var refusal = Mistake(_transaction is { } without ? WithoutRecipients(without) : OutOfSequence());
            return await ReceiveAsync(null, octets, _wire.Deadline.After(options.MessageTimeout)) ? refusal : null;
        }
        if (!await ReceiveAsync(message.Refusal is null ? message : null, octets, message.NotAfter))
            return null;
        if (isLast)
            return await DecideAsync(_transaction!, message);
        message.Refusal ??= Refuse(message);
        var taken = message.Refusal ?? new Reply(250, 0, 0, $"{octets} octets received");
        return octets == 0 ? Junk(taken) : taken;
    }

    /// <summary>The message that a chunk belongs to; null when there can be none.</summary>
    private async ValueTask<IncomingMessage?> ChunkedMessageAsync()
    {
        if (_transaction is not { Recipients: > 0 } transaction)
            return null;
        if (transaction.Message is { } begun)
            return begun;
        var refusal = await handler.DataAsync(transaction.Envelope, _aborted);
        var message = Begin(isChunked: true);
        message.Refusal = refusal;
        return transaction.Message = message;
    }

    private IncomingMessage Begin(bool isChunked)
    {
        var bare = handler.IsOwnClient ? options.OwnClientBareNewline : options.BareNewline;
        return new(
            bare, new MessageBuffer(options.Messages, options.MaxMessageSize), new DotDecoder(bare, isChunked),
            _wire.Deadline.After(options.MessageTimeout));
    }

    /// <summary>Takes the octets of a message, or of a chunk, off the wire. False: the wire was lost before they had all come.</summary>
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
            _wire.Deadline.Set(Math.Min(_wire.Deadline.After(options.DataTimeout), notAfter));
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

    /// <summary>All of the message has come.</summary>
    private async ValueTask<Reply?> DecideAsync(Transaction transaction, IncomingMessage message)
    {
        transaction.IsOver = true;
        message.Decoder.CompleteChunks(message.Content);
        await message.Content.CompleteAsync(_aborted);
        if ((message.Refusal ?? Refuse(message)) is { } refusal)
            return Decided(refusal);
        // Replies to what was pipelined before do not wait for a delivery.
        await FlushBeforeLongWorkAsync();
        // A client that has gone will send the message again, so delivering it now would make two.
        return _wire.Lost is null ? Decided(await handler.MessageAsync(transaction.Envelope, message.Content, _aborted)) : null;
    }

    /// <summary>Why the message, as far as it has come, cannot be accepted.</summary>
    private Reply? Refuse(IncomingMessage message)
    {
        if (IsSmuggled(message))
        {
            _end = SessionEnd.ProtocolViolation;
            return message.Decoder.HasNulLine ? ServerReplies.NulLineInMessage : ServerReplies.BareNewlineInMessage;
        }
        if (message.Content.IsTooLarge)
            return ServerReplies.TooLarge;
        if (message.Content.Failure is not { } failure)
            return null;
        StorageFailure = failure;
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
