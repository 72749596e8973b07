namespace Gateway.Smtp;

/// <summary>
/// One message to one server, all recipients or none (RFC 5321 §3.3). The steps are 0 RSET, 1 MAIL, then one RCPT each, then
/// DATA; they are written in as few groups as the server allows, and answered in order (RFC 2920 §3.1).
/// </summary>
/// <remarks>
/// Gateway's client hears one verdict for all its recipients, so a message that one of them is refused must reach nobody: had
/// the others got it, they would get it again when the client retries, or be reported as failed. But DATA is written before
/// the answers to RCPT are known, and a server that accepted another recipient answers it with 354. From then on everything
/// that ends the data also delivers: the body would reach the accepted recipients, a lone dot would give them an empty
/// message. Only closing the connection ends it without a message (RFC 5321 §4.1.1.4), which costs a new connection, rarely.
/// Where BDAT is used there is no such trap: with several recipients it is written after their answers, and with one the
/// server refuses the chunk itself (RFC 3030 §2).
/// </remarks>
internal sealed class MailTransaction(
    Wire wire, ServerExtensions server, SmtpClientOptions options, Envelope envelope, OutgoingMessage message)
{
    /// <summary>
    /// Octets of commands before their answers are read: less than the buffers of two sockets, so the server can always take
    /// them although it waits for us to read (RFC 2920 §3.1 asks for this care).
    /// </summary>
    private const int GroupLength = 32_768;

    private readonly bool _hasEightBit = Preflight.HasEightBit(message);
    private readonly bool _usesChunking = server.Chunking && options.UseChunking;
    private SendResult.Refused? _refused;
    private bool _isMailAccepted;
    private bool _isDataOpen;

    /// <summary>The server holds a transaction that came to nothing: RSET goes before the next one.</summary>
    public bool NeedsReset { get; private set; }

    private int DataStep => envelope.Recipients.Count + 2;

    public async Task<(SendResult Result, bool IsReusable)> RunAsync(bool resetFirst)
    {
        using var output = new OutputBuffer();
        var body = new BodyWriter(wire, output, message, options.DataBlockTimeout);
        try
        {
            await SpeakAsync(output, body, resetFirst ? 0 : 1);
            if (_refused is not null)
                return (_refused, !_isDataOpen);
            return (await FinishAsync(body), true);
        }
        catch (WireException e)
        {
            // A refusal heard before the connection broke (421 is one of them) is the better answer.
            return (_refused ?? (SendResult)new SendResult.Failed(e.Message, body.EndWritten), false);
        }
        catch (OperationCanceledException) when (wire.Deadline.HasPassed)
        {
            // It was the message's content that was being waited for.
            return (new SendResult.Failed(wire.Deadline.Reason, body.EndWritten), false);
        }
    }

    /// <summary>Everything before the message; with BDAT, one recipient and a small message, that too.</summary>
    private async ValueTask SpeakAsync(OutputBuffer output, BodyWriter body, int step)
    {
        var end = _usesChunking ? DataStep : DataStep + 1;
        while (step < end)
        {
            var first = step;
            do
                AppendCommand(output, step++);
            while (server.Pipelining && step < end && output.Length < GroupLength);

            if (server.Pipelining && step == end && FitsBehind(output))
                await body.WritePlainAsync();
            else
                await wire.WriteAsync(output.Written, PhaseOf(first), options.CommandTimeout);
            output.Clear();

            for (; first < step; first++)
                await ReadAnswerAsync(first);
            if (_refused is { } refused)
            {
                // A permanent refusal wins over a temporary one, so after the latter the others are still asked, but no DATA.
                if (refused.Reply.IsPermanent || !_isMailAccepted)
                    break;
                end = DataStep;
            }
        }
        NeedsReset = _refused is not null && _isMailAccepted;
        if (_refused is not null && body.EndWritten)
            await ReadVoidChunkAsync();
    }

    private void AppendCommand(OutputBuffer output, int step)
    {
        if (step == 0)
        {
            output.Append("RSET\r\n"u8);
        }
        else if (step == 1)
        {
            AppendMail(output);
        }
        else if (step < DataStep)
        {
            output.Append("RCPT TO:"u8);
            output.AppendPath(envelope.Recipients[step - 2].Mailbox);
            output.Append("\r\n"u8);
        }
        else
        {
            output.Append("DATA\r\n"u8);
        }
    }

    private void AppendMail(OutputBuffer output)
    {
        output.Append("MAIL FROM:"u8);
        output.AppendPath(envelope.Sender.Mailbox);
        if (server.Size)
        {
            output.Append(" SIZE="u8);
            output.Append(message.Length);
        }

        // RFC 6152 §2. What the client declared holds; content that it did not declare is declared for it.
        if (server.EightBitMime && (_hasEightBit || envelope.Parameters.Body == BodyType.EightBitMime))
            output.Append(" BODY=8BITMIME"u8);
        if (server.SmtpUtf8 && (envelope.Parameters.SmtpUtf8 || HasUtf8Address))
            output.Append(" SMTPUTF8"u8);
        output.Append("\r\n"u8);
    }

    private bool HasUtf8Address =>
        envelope.Sender.Mailbox is { NeedsSmtpUtf8: true }
        || envelope.Recipients.Any(recipient => recipient.Mailbox.NeedsSmtpUtf8);

    /// <summary>
    /// With one recipient the whole message takes one round trip: when that recipient is refused, the server takes the chunk
    /// and refuses it as well. Only a message that fits the same write, or a refusal would come at the price of a long body.
    /// </summary>
    private bool FitsBehind(OutputBuffer output) =>
        _usesChunking && envelope.Recipients.Count == 1 && message.Length <= output.Room - "BDAT 65536 LAST\r\n".Length;

    private async ValueTask ReadAnswerAsync(int step)
    {
        var code = await wire.ReadReplyAsync(
            PhaseOf(step), step == DataStep ? options.DataInitiationTimeout : options.CommandTimeout);
        if (code == 421)
        {
            Refuse(step);
            throw new WireException("the server closes the connection");
        }

        if (step == DataStep)
        {
            _isDataOpen = code is >= 300 and < 400;
            if (code >= 400 && _refused is null)
                Refuse(step);
            else if (code < 300)
                throw new WireException($"DATA was answered {code}");
        }
        else if (code is >= 300 and < 400 || (step == 0 && code >= 300))
        {
            throw new WireException($"{PhaseOf(step)} was answered {code}");
        }
        else if (code >= 400)
        {
            // Without a sender there is nothing for the recipients to be refused from: they only echo it.
            if (step == 1 || _isMailAccepted)
                Refuse(step);
        }
        else if (step == 1)
        {
            _isMailAccepted = true;
        }
    }

    private void Refuse(int step)
    {
        var reply = wire.Reply;
        if (_refused is null || (reply.IsPermanent && _refused.Reply.IsTransient))
            _refused = new(reply, StageOf(step), StageOf(step) == Verb.Rcpt ? envelope.Recipients[step - 2] : null);
    }

    /// <summary>The answer to the chunk of a refused transaction; RFC 3030 §2 has the server refuse it with 503.</summary>
    private async ValueTask ReadVoidChunkAsync()
    {
        if (await wire.ReadReplyAsync("BDAT", options.DataTerminationTimeout) == 421)
            throw new WireException("the server closes the connection");

        // RFC 3030 §2: after a refused BDAT the state is indeterminate until RSET.
        NeedsReset = true;
    }

    private async ValueTask<SendResult> FinishAsync(BodyWriter body)
    {
        var stage = _usesChunking ? Verb.Bdat : Verb.Data;
        var phase = _usesChunking ? "BDAT" : "end of data";
        try
        {
            if (!_usesChunking)
                await body.WriteStuffedAsync();
            else if (!body.EndWritten)
                await body.WritePlainAsync();
        }
        catch (WireException) when (!wire.Deadline.HasPassed)
        {
            // A server that has had enough says why, then closes; its answer is still to be read.
            if (await wire.ReadReplyAsync(phase, EarlyAnswer) < 400)
                throw;
            _refused = new(wire.Reply, stage);
            throw;
        }

        var code = await wire.ReadReplyAsync(phase, options.DataTerminationTimeout);
        // One reply too many: without a 354 between, which of them answers the message cannot be known, and a guess could lose it.
        if (code < 300 && _usesChunking && wire.HasUnread && !wire.SaysGoodbye)
            throw new WireException($"{phase}: the server answered something twice");
        if (code < 300)
            return new SendResult.Delivered(wire.Reply, _hasEightBit && !server.EightBitMime);
        if (code < 400)
            throw new WireException($"{phase} was answered {code}");
        _refused = new(wire.Reply, stage);
        if (code == 421)
            throw new WireException("the server closes the connection");
        NeedsReset = _usesChunking;
        return _refused;
    }

    private static readonly TimeSpan EarlyAnswer = TimeSpan.FromSeconds(2);

    private Verb StageOf(int step) => step switch
    {
        0 => Verb.Rset,
        1 => Verb.Mail,
        _ => step < DataStep ? Verb.Rcpt : Verb.Data,
    };

    private string PhaseOf(int step) => StageOf(step) switch
    {
        Verb.Rset => "RSET",
        Verb.Mail => "MAIL",
        Verb.Rcpt => "RCPT",
        _ => "DATA",
    };
}
