using System.Security.Authentication;
using Gateway.Policy;
using Gateway.Policy.Profiles;
using Gateway.Server.Users;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// Answers for the product what the protocol asks: policy and relay control, then delivery. One for each connection.
/// </summary>
internal sealed class InboundHandler(
    InboundListener listener, SessionRecord record, SessionClient client, TimeProvider time) : IMailHandler
{
    private const int MaxFailedLogins = 3;

    private readonly SessionPolicy _policy = new(listener, record, client, time);
    private readonly long _started = time.GetTimestamp();
    private SmtpSession? _session;
    private INextHop? _nextHop;
    private int _unknownRecipients;

    public void Serves(SmtpSession session) => _session = session;

    public bool MayXclient => client.MayXclient;

    public bool IsOwnClient => client.IsOwn;

    public ValueTask<Reply> XclientAsync(XclientAttributes attributes, CancellationToken cancellationToken)
    {
        client.Become(attributes);
        // A proxy that is trusted has many clients: none answers for the names that another one tried.
        _unknownRecipients = 0;
        _session!.IsAuthenticated = record.User is not null;
        return ConnectAsync(cancellationToken);
    }

    public async ValueTask<Reply> ConnectAsync(CancellationToken cancellationToken)
    {
        if (TooMany() is { } full)
            return Signed(full);
        if (_policy.GreetingWait is { } wait)
            client.Facts.IsEarlyTalker = await _session!.ListenAsync(wait);
        return await _policy.JudgeAsync(Stage.Connect, cancellationToken) ?? _policy.Greeting;
    }

    public async ValueTask<Reply?> HeloAsync(Helo helo, CancellationToken cancellationToken)
    {
        var before = _session!.Helo;
        client.Introduced(helo);
        // It may have spoken while the greeting waited for the DNS.
        client.Facts.IsEarlyTalker |= _session.IsEarlyTalker;
        var refusal = await _policy.JudgeAsync(Stage.Helo, cancellationToken);
        // RFC 5321 §4.1.4: a HELO that was refused leaves everything as it was, the name in the trace field, too.
        if (refusal is not null && before is not null)
            client.Introduced(before);
        return refusal ?? _policy.Words(helo.IsExtended ? DialogueStep.Ehlo : DialogueStep.Helo);
    }

    public async ValueTask<Reply> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken)
    {
        // The engine asks only where there are users.
        var outcome = await listener.Logins!.LoginAsync(record.Client.Address, credentials, cancellationToken);
        switch (outcome.Result)
        {
            case LoginResult.Accepted:
                record.User = outcome.User;
                return InboundReplies.Authenticated;
            case LoginResult.Busy:
                return Signed(InboundReplies.LoginsBusy);
        }
        record.LoginFailed(outcome.User);
        return Signed(record.FailedLogins >= MaxFailedLogins ? InboundReplies.LastLoginFailed
            : outcome.Result == LoginResult.TooMany ? new(454, 7, 0, $"Too many failed logins from [{record.Client.Address}], try again later")
            : InboundReplies.WrongPassword);
    }

    public async ValueTask<Reply> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken)
    {
        client.Facts.Sender = sender;
        record.Begin(sender, time.GetElapsedTime(_started));
        if (listener.RequiresAuthentication && record.User is null)
            return Signed(InboundReplies.NotAuthenticated);
        return await _policy.JudgeAsync(Stage.Mail, cancellationToken) ?? _policy.Words(DialogueStep.Mail) ?? InboundReplies.SenderOk;
    }

    public async ValueTask<Reply> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        record.Asked(recipient);
        // Asked on its own and first: whatever the policy says, this is never an open relay.
        if (listener.RelayControl.Judge(client.RelaysAs, record.User, recipient) is { } refusal)
        {
            record.RelayControlRefuses();
            return Signed(refusal);
        }
        if (_policy.ChooseFor(recipient, isFirst: _nextHop is null) is { } unjudged)
            return Signed(unjudged);
        client.Facts.Recipient = recipient;
        if (await _policy.JudgeAsync(Stage.Recipient, cancellationToken) is { } judged)
            return judged;
        if (listener.Relay.NextHopOf(recipient) is not { } hop)
            return Signed(new(550, 4, 4, $"No next hop is configured for {recipient.Mailbox.Domain}"));
        if (_nextHop is not null && _nextHop != hop)
            return Signed(InboundReplies.AnotherServer);
        // Whose mail a trusted client sends elsewhere, the next hop would have to find out elsewhere, too.
        if (listener.RelayControl.IsOurs(recipient) && !recipient.IsBarePostmaster
            && await hop.AskAsync(recipient, cancellationToken) is { } unknown)
        {
            if (unknown.IsPermanent && IsOneUnknownTooMany())
                return Signed(InboundReplies.TooManyUnknownRecipients);
            record.NextHopRefuses();
            return unknown;
        }
        // Last: who is refused for another reason is not counted.
        if (OverQuota() is { } quota)
            return Signed(quota);
        _nextHop = hop;
        return _policy.Words(DialogueStep.Rcpt) ?? InboundReplies.RecipientOk;
    }

    // Whoever may relay is one of ours, whose list may be old; a stranger who meets so few that exist tries names.
    private bool IsOneUnknownTooMany() =>
        !listener.RelayControl.MayRelay(client.RelaysAs, record.User) && ++_unknownRecipients > listener.MaxUnknownRecipients;

    /// <summary>Null when one recipient more is no more than a user may have.</summary>
    private Reply? OverQuota() => record.User is not { } user || listener.Quota is not { } quota || quota.TryTake(user) ? null
        : new(450, 7, 1, $"This user has written to {quota.PerHour} recipients within an hour, which is the limit; try again later");

    // Stage.Data is spoken when the message has come, as Gmail does: here the client always hears 354.
    public ValueTask<Reply?> DataAsync(Envelope envelope, CancellationToken cancellationToken) => default;

    public async ValueTask<Reply> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        client.Facts.Recipients = envelope.Recipients;
        var fate = await _policy.JudgeAsync(Stage.Data, cancellationToken) is { } refusal
            ? NotTried(refusal)
            : await DeliverAsync(envelope, content, cancellationToken);
        record.Message(envelope, content.Length, fate);
        if (fate.Reply.IsPositive)
            return _policy.Words(DialogueStep.Message) ?? fate.Reply;
        // The record keeps the next hop's refusal as it came; the client hears each word of it, and the id under which it is explained.
        return fate.IsPassedOn ? Signed(fate.Reply) : fate.Reply;
    }

    private async ValueTask<RelayResult> DeliverAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        var header = await HeaderScan.ReadAsync(content, listener.AuthservId, cancellationToken);
        if (header.IsTooLong)
            return NotTried(Signed(new(552, 3, 4, $"The message header exceeds {HeaderScan.MaxHeader} octets")));
        // RFC 5321 §6.3: a count of trace fields is the only sign of a loop that may be used.
        if (header.ReceivedFields >= listener.MaxReceivedFields)
            return NotTried(Signed(new(554, 4, 6, $"Too many hops: the message has {header.ReceivedFields} Received fields, it is in a loop")));
        // That style says something about each client, so here the lookup is waited for even when no check wanted it.
        if (_policy.Received == ReceivedStyle.Exchange2003)
            record.Facts = await client.Facts.ClientForTraceAsync(cancellationToken);
        var message = new OutgoingMessage(Trace(envelope).Encode(), content, header.Forged);
        var result = await _nextHop!.DeliverAsync(envelope, message, cancellationToken);
        return result.IsPassedOn ? result : result with { Reply = Signed(result.Reply) };
    }

    private static RelayResult NotTried(Reply reply) => new(reply, null, 0, false, TimeSpan.Zero, null);

    private TraceFields Trace(Envelope envelope) => new(
        listener.HostName,
        record.Client.Address,
        client.Facts.ClientIfKnown,
        record.Helo?.Name,
        _session!.Protocol,
        record.Tls,
        $"{record.Id}.{record.TransactionCount}",
        envelope.Recipients is [var only] ? only : null,
        time.GetLocalNow())
    {
        AuthservId = listener.AuthservId,
        Style = _policy.Received,
    };

    /// <summary>Null when there is room for the client.</summary>
    private Reply? TooMany() => client.Admission switch
    {
        Admission.Granted => null,
        Admission.TooManyInAll => new(421, null, $"{listener.HostName} Too many connections, try again later"),
        _ => new(421, null, $"{listener.HostName} Too many connections from [{record.Client.Address}], try again later"),
    };

    public Reply Signed(Reply refusal) => refusal.SignedBy(record);

    public Reply? Words(Verb verb) => verb switch
    {
        Verb.StartTls => _policy.Words(DialogueStep.StartTls),
        Verb.Data => _policy.Words(DialogueStep.Data),
        Verb.Rset => _policy.Words(DialogueStep.Rset),
        Verb.Noop => _policy.Words(DialogueStep.Noop),
        Verb.Vrfy => _policy.Words(DialogueStep.Vrfy),
        Verb.Help => _policy.Words(DialogueStep.Help),
        Verb.Quit => _policy.Words(DialogueStep.Quit),
        _ => null,
    };

    public void Reset()
    {
        _nextHop = null;
        _policy.Reset();
        client.Facts.Reset();
        record.CloseTransaction();
    }

    /// <summary>The connection is gone: the record gets what is only now complete.</summary>
    public void Closed()
    {
        record.CloseTransaction();
        if (record.End == SessionEnd.Closed && _unknownRecipients > listener.MaxUnknownRecipients)
            record.End = SessionEnd.TooManyUnknownRecipients;
        record.Facts = client.Facts.ClientIfKnown;
        record.Trail = client.Facts.Trail;
    }

    public void Secured(SslProtocols protocol, string cipherSuite)
    {
        record.Tls = $"{protocol} {cipherSuite}";
        client.Introduced(null);
        client.ForgetLogin();
        _session!.IsAuthenticated = record.User is not null;
    }

    public void Answered(Verb verb, Reply reply)
    {
        if (reply.IsPositive)
            record.Accepted(verb);
        else
            record.Refused(verb, reply, time.GetElapsedTime(_started));
        record.IsXclientRefused |= verb == Verb.Xclient && !MayXclient;
    }
}
