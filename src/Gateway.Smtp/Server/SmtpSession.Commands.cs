namespace Gateway.Smtp;

// What each command means (RFC 5321 §4.1.1).
public sealed partial class SmtpSession
{
    private delegate ValueTask<CommandOutcome> Perform(SmtpSession session, string argument);

    // BDAT is legal anywhere: its octets follow at once, and must be taken off whatever the answer is.
    private static readonly Dictionary<Verb, (Phase Legal, Perform Perform)> Commands = new()
    {
        [Verb.Helo] = (Phase.Served, static (s, argument) => s.HeloAsync(argument, isExtended: false)),
        [Verb.Ehlo] = (Phase.Served, static (s, argument) => s.HeloAsync(argument, isExtended: true)),
        [Verb.StartTls] = (Phase.Ready, static (s, argument) => s.StartTlsAsync(argument)),
        [Verb.Xclient] = (Phase.BetweenTransactions, static (s, argument) => s.XclientAsync(argument)),
        [Verb.Auth] = (Phase.Ready, static (s, mechanism) => s.AuthAsync(mechanism, s._reader.TakeResponse())),
        [Verb.Mail] = (Phase.Ready, static (s, argument) => s.MailAsync(argument)),
        [Verb.Rcpt] = (Phase.Mail | Phase.Recipients, static (s, argument) => s.RcptAsync(argument)),
        [Verb.Data] = (Phase.Mail | Phase.Recipients, static (s, argument) => s.DataAsync(argument)),
        [Verb.Bdat] = (Phase.Any, static (s, argument) => s.BdatAsync(argument)),
        [Verb.Rset] = (Phase.Served, static (s, argument) => s.RsetAsync(argument)),
        [Verb.Noop] = (Phase.Served, static (s, _) => new(s.Idle(s.Worded(Verb.Noop, ServerReplies.Noop)))),
        [Verb.Vrfy] = (Phase.Served, static (s, argument) => new(s.Vrfy(argument))),
        [Verb.Expn] = (Phase.Served, static (s, _) => new(s.Mistake(ServerReplies.Expn))),
        [Verb.Help] = (Phase.Served, static (s, _) => new(s.Idle(s.Worded(Verb.Help, ServerReplies.Help)))),
        [Verb.Quit] = (Phase.Any, static (s, argument) => new(s.Quit(argument))),
        [Verb.Unknown] = (Phase.Served, static (s, line) => new(s.Unrecognised(line))),
    };

    private Reply OutOfSequence() => session.Phase switch
    {
        Phase.Refused => session.Refusal!,
        Phase.Start => ServerReplies.HeloFirst,
        Phase.Ready => ServerReplies.MailFirst,
        Phase.Chunks => ServerReplies.InChunks,
        _ => ServerReplies.Nested,
    };

    private async ValueTask<CommandOutcome> HeloAsync(string argument, bool isExtended)
    {
        if (!Helo.TryParse(argument, isExtended, out var helo))
            return Mistake(ServerReplies.HeloExpected);
        session.Unaccepted = helo;
        var outcome = await handler.HeloAsync(helo, _aborted);
        // RFC 5321 §4.1.4: a HELO that was refused leaves everything as it was, and an accepted one is a RSET as well.
        if (outcome.IsRefusal)
            return Idle(outcome);
        await EndTransactionAsync();
        session.Helo = helo;
        return Idle(isExtended
            ? _replies.Ehlo(outcome.Reply, session.IsSecured, session.MayXclient)
            : outcome.Reply ?? _replies.Helo);
    }

    /// <summary>The server's own reply, in the handler's words where it has some.</summary>
    private Reply Worded(Verb verb, Reply reply) => handler.Words(verb) ?? reply;

    /// <summary>Starts the session over with another client. The reply is its greeting, which may refuse the client but not the command.</summary>
    private ValueTask<CommandOutcome> XclientAsync(string argument)
    {
        if (!session.MayXclient)
            return new(Mistake(ServerReplies.XclientDenied));
        if (!XclientAttributes.TryParse(argument, out var attributes, out var problem))
            return new(Mistake(new Reply(501, 5, 4, problem)));
        session.StartOver();
        handler.ClientNamed(attributes);
        return GreetAsync();
    }

    private async ValueTask<CommandOutcome> MailAsync(string argument)
    {
        // Each of the refused messages heard its own verdict, so the limit is spoken at the next transaction.
        if (session.Limits.AreIdleCommandsSpent && !session.IsOwnClient)
            return EndIdle();
        if (PathSyntax.ReadMail(argument, out var sender, out var parameters, OffersAuth) is { } refusal)
            return Mistake(refusal);
        // RFC 1870 §6.1: a message that is declared too large need not be sent.
        if (parameters.Size > _options.MaxMessageSize)
            return Idle(ServerReplies.TooLarge);
        var outcome = await handler.MailAsync(sender, parameters, _aborted);
        if (outcome.IsRefusal)
            return Idle(outcome);
        session.Transaction = new Transaction(sender, parameters);
        return outcome;
    }

    private async ValueTask<CommandOutcome> RcptAsync(string argument)
    {
        var transaction = session.Transaction!;
        transaction.HasAskedForRecipients = true;
        if (PathSyntax.ReadRcpt(argument, transaction.Parameters.SmtpUtf8, out var recipient) is { } refusal)
            return Mistake(refusal);
        if (transaction.Recipients >= _options.MaxRecipients)
            return OneTooMany(transaction);
        var outcome = await handler.RecipientAsync(recipient, _aborted);
        if (outcome.IsRefusal)
            return Idle(outcome);
        transaction.Add(recipient);
        return outcome;
    }

    private async ValueTask<CommandOutcome> RsetAsync(string argument)
    {
        if (argument.Length > 0)
            return Mistake(ServerReplies.NoArgument);
        await EndTransactionAsync();
        return Idle(Worded(Verb.Rset, ServerReplies.Rset));
    }

    // RFC 5321 §3.5.3 and §7.3: an answer that harvests nothing.
    private CommandOutcome Vrfy(string argument) =>
        argument.Length > 0 ? Idle(Worded(Verb.Vrfy, ServerReplies.Vrfy)) : Mistake(ServerReplies.VrfyExpected);

    private Reply Quit(string argument)
    {
        if (argument.Length > 0)
            return Mistake(ServerReplies.NoArgument);
        return EndWith(SessionEnd.Quit, Worded(Verb.Quit, _replies.Quit));
    }

    private Reply Unrecognised(string line)
    {
        // A web page can make a browser post to this port, and the body could hold commands.
        return IsHttp(line) ? EndWith(SessionEnd.ProtocolViolation, ServerReplies.NotHttp) : Mistake(ServerReplies.Unrecognised);
    }

    private static bool IsHttp(string line) =>
        line.Contains(" HTTP/", StringComparison.Ordinal)
        || line.StartsWith("GET ", StringComparison.Ordinal)
        || line.StartsWith("POST ", StringComparison.Ordinal)
        || line.StartsWith("CONNECT ", StringComparison.Ordinal);

    private ValueTask<CommandOutcome> StartTlsAsync(string argument)
    {
        if (argument.Length > 0)
            return new(Mistake(ServerReplies.NoArgument));
        if (session.IsSecured)
            return new(Mistake(ServerReplies.AlreadySecured));
        if (_options.Tls is null)
            return new(Mistake(ServerReplies.NoTls));
        if (_wire.HasInput)
            return new(EndWith(SessionEnd.TlsFailed, ServerReplies.ClearBehindStartTls));
        _next = Next.Handshake;
        return new(Worded(Verb.StartTls, ServerReplies.StartTls));
    }

    /// <summary>The TLS handshake, which follows the reply to STARTTLS. When it fails, the wire is lost.</summary>
    private async ValueTask SecureAsync()
    {
        _next = Next.Command;
        _wire.Deadline.Start(_options.CommandTimeout);
        await _wire.FlushAsync();
        if (!await _wire.SecureAsync(_options.Tls!))
            return;
        _wire.Deadline.Pause();
        session.Secure($"{_wire.TlsProtocol} {_wire.TlsCipherSuite}");
        _reader.TakesAuth = OffersAuth;
    }
}
