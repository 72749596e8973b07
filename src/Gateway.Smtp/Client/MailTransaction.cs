namespace Gateway.Smtp;

/// <summary>
/// One message to one server, all recipients or none (RFC 5321 §3.3). The steps are 0 RSET, 1 MAIL, then one RCPT each, then
/// DATA; they are written in as few groups as the server allows, and answered in order (RFC 2920 §3.1).
/// </summary>
/// <remarks>
/// <para>
/// Gateway's client hears one verdict for all its recipients, so a message that one of them is refused must reach nobody: had
/// the others got it, they would get it again when the client retries, or be reported as failed. But DATA is written before
/// the answers to RCPT are known, and a server that accepted another recipient answers it with 354. From then on everything
/// that ends the data also delivers: the body would reach the accepted recipients, a lone dot would give them an empty
/// message. Only closing the connection ends it without a message (RFC 5321 §4.1.1.4), which costs a new connection, rarely.
/// </para>
/// <para>
/// A reply does not say which command it answers. MAIL, RCPT, RSET and BDAT are all answered 250, so with BDAT one reply too
/// many would turn the reply to RCPT into the reply to the message. DATA is answered 354, which nothing else is: when the
/// replies have shifted, something else stands in its place, and the message is not sent. This is why BDAT is not used
/// (docs/decisions/007).
/// </para>
/// </remarks>
internal sealed class MailTransaction(
    SmtpConnection connection, ServerExtensions server, SmtpClientOptions options, Envelope envelope, OutgoingMessage message, Action? beforeEnd)
{
    /// <summary>
    /// The octets of commands that are sent before the replies are read. They fit the buffers of two sockets, so the server can always take them,
    /// even while it waits for the client to read (RFC 2920 §3.1).
    /// </summary>
    private const int GroupLength = 32_768;

    private readonly bool _hasEightBit = Preflight.HasEightBit(message);
    private SendResult.Refused? _refused;
    private Reply? _farewell;
    private bool _isMailAccepted;
    private bool _isDataOpen;

    /// <summary>The server still holds a failed transaction, so RSET comes before the next one.</summary>
    public bool NeedsReset { get; private set; }

    private int DataStep => envelope.Recipients.Count + 2;

    public async Task<(SendResult Result, bool IsReusable)> RunAsync(bool resetFirst)
    {
        using var output = new OutputBuffer();
        var body = new BodyWriter(connection, output, message, options.DataBlockTimeout, beforeEnd);
        try
        {
            await SpeakAsync(output, resetFirst ? 0 : 1);
            return _refused is null ? await FinishAsync(body) : (_refused, !_isDataOpen);
        }
        catch (SmtpConnectionException e)
        {
            // A refusal that came before the connection broke is the better result, unless it may be the reply to another command.
            var refused = e.Failure == SmtpConnectionFailure.OutOfStep ? null : _refused;
            return (refused ?? (SendResult)new SendResult.Failed(e.Message, body.EndWritten) { Farewell = _farewell }, false);
        }
        catch (OperationCanceledException) when (connection.Deadline.HasPassed)
        {
            // The deadline passed while the message's content was being read.
            return (new SendResult.Failed(connection.Deadline.Passed("the message was not read").Message, body.EndWritten), false);
        }
    }

    /// <summary>Everything before the message.</summary>
    private async ValueTask SpeakAsync(OutputBuffer output, int step)
    {
        var end = DataStep + 1;
        while (step < end)
        {
            var first = step;
            do
                AppendCommand(output, step++);
            while (server.Pipelining && step < end && output.Length < GroupLength);

            await connection.WriteCommandsAsync(output.Written, PhaseOf(first), options.CommandTimeout);
            output.Clear();

            for (; first < step; first++)
                await ReadAnswerAsync(first);
            if (_refused is { } refused)
            {
                // A permanent refusal wins over a temporary one. So after a temporary one the other recipients are still sent, but no DATA.
                if (refused.Reply.IsPermanent || !_isMailAccepted)
                    break;
                end = DataStep;
            }
        }
        NeedsReset = _refused is not null && _isMailAccepted;
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

        // RFC 6152 §2: the client's declaration is passed on. 8-bit content that it did not declare is declared here.
        if (server.EightBitMime && (_hasEightBit || envelope.Parameters.Body == BodyType.EightBitMime))
            output.Append(" BODY=8BITMIME"u8);
        if (server.SmtpUtf8 && (envelope.Parameters.SmtpUtf8 || HasUtf8Address))
            output.Append(" SMTPUTF8"u8);
        output.Append("\r\n"u8);
    }

    private bool HasUtf8Address =>
        envelope.Sender.Mailbox is { NeedsSmtpUtf8: true }
        || envelope.Recipients.Any(recipient => recipient.Mailbox.NeedsSmtpUtf8);

    private async ValueTask ReadAnswerAsync(int step)
    {
        var code = await connection.ReadReplyAsync(
            PhaseOf(step), step == DataStep ? options.DataInitiationTimeout : options.CommandTimeout);
        // RFC 5321 §3.8: 421 may come in place of any reply. It is about the connection, and never about a sender or a recipient.
        if (code == 421)
            throw Closing(PhaseOf(step));

        if (step == DataStep)
        {
            _isDataOpen = code == 354;
            if (code >= 400 && _refused is null)
                Refuse(step);
            else if (code < 400 && code != 354)
                throw SmtpConnectionException.OutOfStep($"DATA was answered {code}");
        }
        else if (code is 221 or (>= 300 and < 400) || (step == 0 && code >= 300))
        {
            throw SmtpConnectionException.OutOfStep($"{PhaseOf(step)} was answered {code}");
        }
        else if (code >= 400)
        {
            // After a refused sender, the refusals of the recipients only repeat that there is no transaction.
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
        var reply = connection.Reply;
        if (_refused is null || (reply.IsPermanent && _refused.Reply.IsTransient))
            _refused = new(reply, StageOf(step), StageOf(step) == Verb.Rcpt ? envelope.Recipients[step - 2] : null);
    }

    private async ValueTask<(SendResult Result, bool IsReusable)> FinishAsync(BodyWriter body)
    {
        try
        {
            await body.WriteAsync();
        }
        catch (SmtpConnectionException e) when (e.Failure == SmtpConnectionFailure.NotWritten && !connection.Deadline.HasPassed)
        {
            return (await ReadEarlyAnswerAsync(e, body.EndWritten), false);
        }

        var code = await connection.ReadReplyAsync(EndOfData, options.DataTerminationTimeout);
        // With two replies it is unknown which one is the reply to the message. When they disagree, neither is believed.
        if (connection.HasUnread && !connection.SaysGoodbye && !connection.NextIsLike(code))
            throw SmtpConnectionException.OutOfStep("the server answered it twice, and not the same", EndOfData);
        // RFC 5321 §4.2.2: 221 closes the connection, and takes no message.
        if (code is 221 or (>= 300 and < 400))
            throw SmtpConnectionException.OutOfStep($"{EndOfData} was answered {code}");
        return code < 300
            ? (new SendResult.Delivered(connection.Reply, _hasEightBit && !server.EightBitMime), true)
            : (new SendResult.Refused(connection.Reply, Verb.Data), code != 421);
    }

    /// <summary>A server that rejects a message early sends its reply and closes the connection. The reply can still be read.</summary>
    private async ValueTask<SendResult> ReadEarlyAnswerAsync(SmtpConnectionException lost, bool endWritten)
    {
        var code = await connection.ReadReplyAsync(EndOfData, EarlyAnswer);
        if (code == 421 && !endWritten)
            throw Closing("message");
        return code < 400 ? throw lost : new SendResult.Refused(connection.Reply, Verb.Data);
    }

    private SmtpConnectionException Closing(string phase)
    {
        _farewell = connection.Reply;
        return new(SmtpConnectionFailure.Lost, $"the server closes the connection with {_farewell}", phase);
    }

    private const string EndOfData = "end of data";

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
