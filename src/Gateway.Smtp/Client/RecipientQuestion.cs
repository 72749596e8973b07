namespace Gateway.Smtp;

/// <summary>
/// Asks for a recipient without sending anything: MAIL, RCPT, and RSET so that the server forgets it (RFC 5321 §4.1.1.5). The
/// sender is the null reverse-path, for the question is nobody's message and its answer is to hold for all senders.
/// </summary>
internal sealed class RecipientQuestion(Wire wire, ServerExtensions server, SmtpClientOptions options, Mailbox recipient)
{
    private AskResult? _answer;

    /// <summary>The server still holds the transaction: RSET goes before the next one.</summary>
    public bool NeedsReset { get; private set; }

    public async Task<(AskResult Result, bool IsReusable)> RunAsync(bool resetFirst)
    {
        try
        {
            using var output = new OutputBuffer();
            if (resetFirst && await SayAsync(output, "RSET") is var forgotten && forgotten != 250)
                throw new WireException($"RSET was answered {forgotten}");
            AppendMail(output);
            return (server.Pipelining ? await AskAtOnceAsync(output) : await AskInTurnAsync(output), true);
        }
        catch (WireException e)
        {
            // What was answered before the connection broke is an answer.
            return (_answer ?? new AskResult.Failed(e.Message), false);
        }
    }

    // RFC 2920 §3.1: all three in one group.
    private async ValueTask<AskResult> AskAtOnceAsync(OutputBuffer output)
    {
        AppendRecipient(output);
        output.Append("RSET\r\n"u8);
        await wire.WriteAsync(output.Written, "MAIL", options.CommandTimeout);
        _answer = await ReadAsync("MAIL") >= 400 ? new AskResult.SenderRefused(wire.Reply) : null;
        var code = await ReadAsync("RCPT");
        _answer ??= Answer(code);
        NeedsReset = await ReadAsync("RSET") != 250;
        return _answer;
    }

    // The RSET waits for the next transaction: somebody is waiting here, and it would cost a round trip.
    private async ValueTask<AskResult> AskInTurnAsync(OutputBuffer output)
    {
        await wire.WriteAsync(output.Written, "MAIL", options.CommandTimeout);
        output.Clear();
        if (await ReadAsync("MAIL") >= 400)
            return new AskResult.SenderRefused(wire.Reply);
        NeedsReset = true;
        AppendRecipient(output);
        await wire.WriteAsync(output.Written, "RCPT", options.CommandTimeout);
        return Answer(await ReadAsync("RCPT"));
    }

    private AskResult.Answered Answer(int code) =>
        code is >= 300 and < 400 ? throw new WireException($"RCPT was answered {code}") : new(wire.Reply);

    private async ValueTask<int> SayAsync(OutputBuffer output, string command)
    {
        output.Append(command);
        output.Append("\r\n"u8);
        await wire.WriteAsync(output.Written, command, options.CommandTimeout);
        output.Clear();
        return await ReadAsync(command);
    }

    private async ValueTask<int> ReadAsync(string phase)
    {
        var code = await wire.ReadReplyAsync(phase, options.CommandTimeout);
        return code == 421 ? throw new WireException($"{phase}: the server closes the connection") : code;
    }

    private void AppendMail(OutputBuffer output)
    {
        output.Append("MAIL FROM:<>"u8);
        // RFC 6531 §3.4: it is wanted for a recipient's address, too.
        if (recipient.NeedsSmtpUtf8)
            output.Append(" SMTPUTF8"u8);
        output.Append("\r\n"u8);
    }

    private void AppendRecipient(OutputBuffer output)
    {
        output.Append("RCPT TO:"u8);
        output.AppendPath(recipient);
        output.Append("\r\n"u8);
    }
}
