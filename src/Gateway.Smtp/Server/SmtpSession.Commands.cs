namespace Gateway.Smtp;

// What each command means (RFC 5321 §4.1.1). A command answers with its reply, or with null when nothing is to be said (any more).
public sealed partial class SmtpSession
{
    private delegate ValueTask<Reply?> Perform(SmtpSession session, string argument);

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
        [Verb.Noop] = (Phase.Served, static (s, _) => new(s.Junk(s.Worded(Verb.Noop, ServerReplies.Noop)))),
        [Verb.Vrfy] = (Phase.Served, static (s, argument) => new(s.Vrfy(argument))),
        [Verb.Expn] = (Phase.Served, static (s, _) => new(s.Mistake(ServerReplies.Expn))),
        [Verb.Help] = (Phase.Served, static (s, _) => new(s.Junk(s.Worded(Verb.Help, ServerReplies.Help)))),
        [Verb.Quit] = (Phase.Any, static (s, argument) => new(s.Quit(argument))),
        [Verb.Unknown] = (Phase.Served, static (s, line) => new(s.Unrecognised(line))),
    };

    private async ValueTask<Reply?> PerformAsync(CommandLine command)
    {
        var (legal, perform) = Commands[command.Verb];
        var isLegal = (legal & Phase) != 0;
        var reply = isLegal ? await perform(this, command.Argument) : Mistake(OutOfSequence());
        // A DATA that is legal looks for itself, before 354: behind its message another group may begin.
        return EndsGroup(command.Verb) && !(isLegal && command.Verb == Verb.Data) ? InStep(reply) : reply;
    }

    private Reply OutOfSequence() => Phase switch
    {
        Phase.Refused => _refusal!,
        Phase.Start => ServerReplies.HeloFirst,
        Phase.Ready => ServerReplies.MailFirst,
        Phase.Chunks => ServerReplies.InChunks,
        _ => ServerReplies.Nested,
    };

    private async ValueTask<Reply?> HeloAsync(string argument, bool isExtended)
    {
        if (!Smtp.Helo.TryParse(argument, isExtended, out var helo))
            return Mistake(ServerReplies.HeloExpected);
        var reply = await handler.HeloAsync(helo, _aborted);
        // RFC 5321 §4.1.4: a HELO that was refused leaves everything as it was, one that was not is a RSET, too.
        if (reply is { IsPositive: false })
            return Junk(reply);
        await EndTransactionAsync();
        Helo = helo;
        if (!isExtended)
            return Junk(reply ?? _replies.Helo);
        return Junk(reply is null ? _replies.Ehlo(IsSecured, handler.MayXclient) : _replies.Ehlo(reply, IsSecured, handler.MayXclient));
    }

    /// <summary>The engine's reply, in the handler's words where it has some.</summary>
    private Reply Worded(Verb verb, Reply reply) => handler.Words(verb) ?? reply;

    /// <summary>
    /// Everything starts over with another client (Postfix's XCLIENT_README): no HELO, the refusal that of the new greeting. Only TLS,
    /// which is the peer's, and the budget of errors stay.
    /// </summary>
    private async ValueTask<Reply?> XclientAsync(string argument)
    {
        if (!handler.MayXclient)
            return Mistake(ServerReplies.XclientDenied);
        if (!XclientAttributes.TryParse(argument, out var attributes, out var problem))
            return Mistake(new Reply(501, 5, 4, problem));
        Helo = null;
        _refusal = null;
        IsEarlyTalker = false;
        _junk = 0;
        var greeting = await handler.XclientAsync(attributes, _aborted);
        Greeted(greeting);
        return greeting;
    }

    private async ValueTask<Reply?> MailAsync(string argument)
    {
        if (IsJunkSpent)
            return JunkEnd();
        if (PathSyntax.ReadMail(argument, out var sender, out var parameters, OffersAuth) is { } refusal)
            return Mistake(refusal);
        // RFC 1870 §6.1: what is declared too large need not be sent.
        if (parameters.Size > options.MaxMessageSize)
            return Junk(ServerReplies.TooLarge);
        var reply = await handler.MailAsync(sender, parameters, _aborted);
        if (!reply.IsPositive)
            return Junk(reply);
        _transaction = new Transaction(sender, parameters);
        return reply;
    }

    private async ValueTask<Reply?> RcptAsync(string argument)
    {
        var transaction = _transaction!;
        transaction.HasAskedForRecipients = true;
        if (PathSyntax.ReadRcpt(argument, transaction.Parameters.SmtpUtf8, out var recipient) is { } refusal)
            return Mistake(refusal);
        if (transaction.Recipients >= options.MaxRecipients)
            return OneTooMany(transaction);
        var reply = await handler.RecipientAsync(recipient, _aborted);
        if (!reply.IsPositive)
            return Junk(reply);
        transaction.Add(recipient);
        return reply;
    }

    private async ValueTask<Reply?> RsetAsync(string argument)
    {
        if (argument.Length > 0)
            return Mistake(ServerReplies.NoArgument);
        await EndTransactionAsync();
        return Junk(Worded(Verb.Rset, ServerReplies.Rset));
    }

    // RFC 5321 §3.5.3 and §7.3: an answer that harvests nothing.
    private Reply Vrfy(string argument) =>
        argument.Length > 0 ? Junk(Worded(Verb.Vrfy, ServerReplies.Vrfy)) : Mistake(ServerReplies.VrfyExpected);

    private Reply Quit(string argument)
    {
        if (argument.Length > 0)
            return Mistake(ServerReplies.NoArgument);
        _end = SessionEnd.Quit;
        return Worded(Verb.Quit, _replies.Quit);
    }

    private Reply Unrecognised(string line)
    {
        // A browser that was made to post to us must not be heard: its body could hold commands.
        if (!IsHttp(line))
            return Mistake(ServerReplies.Unrecognised);
        _end = SessionEnd.ProtocolViolation;
        return ServerReplies.NotHttp;
    }

    private static bool IsHttp(string line) =>
        line.Contains(" HTTP/", StringComparison.Ordinal)
        || line.StartsWith("GET ", StringComparison.Ordinal)
        || line.StartsWith("POST ", StringComparison.Ordinal)
        || line.StartsWith("CONNECT ", StringComparison.Ordinal);

    private async ValueTask<Reply?> StartTlsAsync(string argument)
    {
        if (argument.Length > 0)
            return Mistake(ServerReplies.NoArgument);
        if (IsSecured)
            return Mistake(ServerReplies.AlreadySecured);
        if (options.Tls is null)
            return Mistake(ServerReplies.NoTls);
        if (_wire.HasInput)
        {
            _end = SessionEnd.TlsFailed;
            return ServerReplies.ClearBehindStartTls;
        }
        Say(Verb.StartTls, Worded(Verb.StartTls, ServerReplies.StartTls));
        _wire.Deadline.Start(options.CommandTimeout);
        await _wire.FlushAsync();
        if (!await _wire.SecureAsync(options.Tls))
            return null;
        _wire.Deadline.Pause();
        // RFC 3207 §4.2: what the client said before is forgotten.
        Helo = null;
        IsAuthenticated = false;
        _reader.TakesAuth = OffersAuth;
        handler.Secured(_wire.TlsProtocol, _wire.TlsCipherSuite);
        return null;
    }
}
