namespace Gateway.Smtp;

/// <summary>
/// Checks recipients without sending a message: MAIL, RCPT, and RSET so that the server forgets the transaction (RFC 5321 §4.1.1.5). Each
/// recipient has its own transaction, because servers allow only one recipient for mail with the null reverse-path. That is the sender here,
/// so that the answer holds for all senders.
/// </summary>
internal sealed class RecipientCheck(
    SmtpConnection connection, ServerExtensions server, SmtpClientOptions options, IReadOnlyList<ForwardPath> recipients, Action<int, RecipientCheckResult> heard)
{
    private int _answers;

    /// <summary>The server still holds a transaction: RSET goes before the next one.</summary>
    public bool NeedsReset { get; private set; }

    /// <returns>Whether the connection can be used again. Every recipient has had its result by then.</returns>
    public async Task<bool> RunAsync(bool resetFirst)
    {
        NeedsReset = resetFirst;
        try
        {
            using var output = new OutputBuffer();
            await ForgetAsync(output);
            if (server.Pipelining)
                await AskAtOnceAsync(output);
            else
                await AskInTurnAsync(output);
            return true;
        }
        catch (SmtpConnectionException e)
        {
            // Answers that came before the connection broke count.
            while (_answers < recipients.Count)
                Hear(new RecipientCheckResult.Failed(e.Message));
            return false;
        }
    }

    // RFC 2920 §3.1: MAIL, RCPT and RSET may stand anywhere in a group.
    private async ValueTask AskAtOnceAsync(OutputBuffer output)
    {
        foreach (var recipient in recipients)
        {
            if (Known(recipient) is not null)
                continue;
            AppendMail(output, recipient.Mailbox);
            AppendRecipient(output, recipient.Mailbox);
            output.Append("RSET\r\n"u8);
        }
        if (output.Length > 0)
            await connection.WriteCommandsAsync(output.Written, "MAIL", options.CommandTimeout);
        foreach (var recipient in recipients)
        {
            if (Known(recipient) is { } known)
            {
                Hear(known);
                continue;
            }
            RecipientCheckResult? refused = await ReadAsync("MAIL") >= 400 ? new RecipientCheckResult.SenderRefused(connection.Reply) : null;
            var code = await ReadAsync("RCPT");
            await HearBeforeResetAsync(refused ?? Answer(code));
        }
    }

    /// <summary>
    /// An answer counts when the one behind it fits: RSET is answered 250 (RFC 5321 §4.1.1.5), so anything else shows that the
    /// replies have shifted, and whose answer it was is not known. A server that closes the connection instead shows nothing.
    /// </summary>
    private async ValueTask HearBeforeResetAsync(RecipientCheckResult answer)
    {
        int code;
        try
        {
            code = await ReadAsync("RSET");
        }
        catch (SmtpConnectionException e) when (e.Failure != SmtpConnectionFailure.OutOfStep)
        {
            Hear(answer);
            throw;
        }
        if (code != 250)
            throw SmtpConnectionException.OutOfStep($"RSET was answered {code}");
        Hear(answer);
    }

    private async ValueTask AskInTurnAsync(OutputBuffer output)
    {
        foreach (var recipient in recipients)
        {
            // RSET is sent before the next transaction, because a client is waiting and it would cost a round trip now.
            await ForgetAsync(output);
            Hear(Known(recipient) ?? await AskOneAsync(output, recipient.Mailbox));
        }
    }

    private async ValueTask<RecipientCheckResult> AskOneAsync(OutputBuffer output, Mailbox recipient)
    {
        AppendMail(output, recipient);
        await connection.WriteCommandsAsync(output.Written, "MAIL", options.CommandTimeout);
        output.Clear();
        if (await ReadAsync("MAIL") >= 400)
            return new RecipientCheckResult.SenderRefused(connection.Reply);
        NeedsReset = true;
        AppendRecipient(output, recipient);
        await connection.WriteCommandsAsync(output.Written, "RCPT", options.CommandTimeout);
        output.Clear();
        return Answer(await ReadAsync("RCPT"));
    }

    private async ValueTask ForgetAsync(OutputBuffer output)
    {
        if (!NeedsReset)
            return;
        output.Append("RSET\r\n"u8);
        await connection.WriteCommandsAsync(output.Written, "RSET", options.CommandTimeout);
        output.Clear();
        if (await ReadAsync("RSET") is var code && code != 250)
            throw SmtpConnectionException.OutOfStep($"RSET was answered {code}");
        NeedsReset = false;
    }

    private void Hear(RecipientCheckResult result) => heard(_answers++, result);

    /// <summary>The answer that follows from the reply to EHLO; null when the server must be asked.</summary>
    private RecipientCheckResult.Answered? Known(ForwardPath recipient) =>
        Preflight.CheckRecipient(recipient, server) is { } refused ? new(refused.Reply) : null;

    private RecipientCheckResult.Answered Answer(int code) =>
        code is 221 or (>= 300 and < 400) ? throw SmtpConnectionException.OutOfStep($"RCPT was answered {code}") : new(connection.Reply);

    private async ValueTask<int> ReadAsync(string phase)
    {
        var code = await connection.ReadReplyAsync(phase, options.CommandTimeout);
        return code == 421 ? throw new SmtpConnectionException(SmtpConnectionFailure.Lost, "the server closes the connection", phase) : code;
    }

    private static void AppendMail(OutputBuffer output, Mailbox recipient)
    {
        output.Append("MAIL FROM:<>"u8);
        // RFC 6531 §3.4: it is wanted for a recipient's address, too.
        if (recipient.NeedsSmtpUtf8)
            output.Append(" SMTPUTF8"u8);
        output.Append("\r\n"u8);
    }

    private static void AppendRecipient(OutputBuffer output, Mailbox recipient)
    {
        output.Append("RCPT TO:"u8);
        output.AppendPath(recipient);
        output.Append("\r\n"u8);
    }
}
