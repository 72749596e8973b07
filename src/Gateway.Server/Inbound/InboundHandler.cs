using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Server.Users;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// Answers what the protocol asks: by relay control and the policy, then by the next hop. It holds no state: the state of the connection is
/// in its <see cref="InboundSession"/>.
/// </summary>
internal sealed class InboundHandler(InboundSession session, TimeProvider time) : IMailHandler
{
    private readonly InboundListener _listener = session.Listener;

    public TimeSpan? GreetingWait => session.Admission == Admission.Granted ? _listener.Engine.GreetingWait(session.CurrentFacts()) : null;

    public async ValueTask<CommandOutcome> ConnectAsync(CancellationToken cancellationToken)
    {
        if (NoRoom() is { } full)
            return session.Signed(full);
        var facts = session.CurrentFacts();
        return Judged(await session.Judge.JudgeAsync(Stage.Connect, facts, session.Context, cancellationToken))
            ?? _listener.Engine.Welcome(facts, session.Context) ?? _listener.Greeting;
    }

    public void ClientNamed(XclientAttributes attributes) => session.Become(attributes);

    public async ValueTask<CommandOutcome> HeloAsync(Helo helo, CancellationToken cancellationToken)
    {
        var facts = session.CurrentFacts();
        facts.Helo = helo;
        return Judged(await session.Judge.JudgeAsync(Stage.Helo, facts, session.Context, cancellationToken))
            ?? Words(helo.IsExtended ? DialogueStep.Ehlo : DialogueStep.Helo, facts);
    }

    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken)
    {
        // The protocol asks only where there are users.
        var outcome = await _listener.Logins!.LoginAsync(session.Client.Address, credentials, cancellationToken);
        switch (outcome.Result)
        {
            case LoginResult.Accepted:
                return new(InboundReplies.Authenticated, outcome.User);
            case LoginResult.Busy:
                return new(session.Signed(InboundReplies.LoginsBusy), null);
        }
        session.History.LoginFailed(outcome.User);
        return new(session.Signed(!session.Limits.AllowFailedLogin() ? InboundReplies.LastLoginFailed
            : outcome.Result == LoginResult.TooMany ? new(454, 7, 0, $"Too many failed logins from [{session.Client.Address}], try again later")
            : InboundReplies.WrongPassword), null);
    }

    public async ValueTask<CommandOutcome> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken)
    {
        session.BeginTransaction(sender);
        if (_listener.RequiresAuthentication && session.User is null)
            return session.Signed(InboundReplies.NotAuthenticated);
        var facts = session.CurrentFacts();
        facts.Sender = sender;
        return Judged(await session.Judge.JudgeAsync(Stage.Mail, facts, session.Context, cancellationToken))
            ?? Words(DialogueStep.Mail, facts) ?? InboundReplies.SenderOk;
    }

    public async ValueTask<CommandOutcome> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        session.History.Asked(recipient);
        // Asked on its own and first: whatever the policy says, this is never an open relay.
        if (_listener.RelayControl.Judge(session.RelaysAs, session.User, recipient) is { } refusal)
            return new(session.Signed(refusal)) { Refuser = Refuser.RelayControl };
        var facts = session.CurrentFacts();
        if (ChooseJudge(recipient, facts) is { } unjudged)
            return session.Signed(unjudged);
        facts.Recipient = recipient;
        if (Judged(await session.Judge.JudgeAsync(Stage.Recipient, facts, session.Context, cancellationToken)) is { } judged)
            return judged;
        if (_listener.Relay.NextHopOf(recipient) is not { } hop)
            return session.Signed(new(550, 4, 4, $"No next hop is configured for {recipient.Mailbox.Domain}"));
        if (session.NextHop is not null && session.NextHop != hop)
            return session.Signed(InboundReplies.AnotherServer);
        // A trusted client may send to domains that are not ours. The next hop would have to ask elsewhere about such a recipient.
        if (_listener.RelayControl.IsOurs(recipient) && !recipient.IsBarePostmaster
            && await hop.AskAsync(recipient, cancellationToken) is { } unknown)
        {
            return Unknown(unknown);
        }
        // Last, so that a recipient that is refused for another reason does not count.
        if (OverQuota() is { } quota)
            return session.Signed(quota);
        session.NextHop = hop;
        return Words(DialogueStep.Rcpt, facts) ?? InboundReplies.RecipientOk;
    }

    public async ValueTask<CommandOutcome> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        var facts = session.CurrentFacts();
        facts.Recipients = envelope.Recipients;
        // Stage.Data is judged when the message has come, as Gmail does: the client always gets 354.
        var refusal = Judged(await session.Judge.JudgeAsync(Stage.Data, facts, session.Context, cancellationToken));
        OutgoingMessage? message = null;
        if (refusal is null)
            (message, refusal) = await MessageTrace.AddAsync(session, envelope, content, facts, time, cancellationToken);
        var fate = message is null ? new RelayResult(refusal!, null, 0, false, TimeSpan.Zero, null)
            // The client hears one reply for all recipients, and the next hop gives all of them the same result.
            : (await session.NextHop!.DeliverAsync(envelope, message, cancellationToken))[0].Result;
        if (message is not null && !fate.IsPassedOn)
            fate = fate with { Reply = session.Signed(fate.Reply) };
        session.History.Message(envelope, content.Length, fate, isUsers: session.User is not null);
        if (fate.Reply.IsPositive)
            return Words(DialogueStep.Message, facts) ?? fate.Reply;
        // The history keeps the next hop's refusal as it came. The client gets all of its words, and the id under which it is explained.
        return fate.IsPassedOn ? session.Signed(fate.Reply) : fate.Reply;
    }

    public Reply? Words(Verb verb)
    {
        if (_listener.Engine.Profile.Dialogue is null)
            return null;
        DialogueStep? step = verb switch
        {
            Verb.StartTls => DialogueStep.StartTls,
            Verb.Data => DialogueStep.Data,
            Verb.Rset => DialogueStep.Rset,
            Verb.Noop => DialogueStep.Noop,
            Verb.Vrfy => DialogueStep.Vrfy,
            Verb.Help => DialogueStep.Help,
            Verb.Quit => DialogueStep.Quit,
            _ => null,
        };
        return step is { } known ? Words(known, session.CurrentFacts()) : null;
    }

    public void TransactionEnded() => session.EndTransaction();

    public void Answered(Verb verb, CommandOutcome outcome)
    {
        session.History.Answered(verb, outcome, session.Elapsed);
        if (verb == Verb.Xclient && !session.MayXclient)
            session.History.XclientRefused();
    }

    /// <summary>The reply to a client that is refused; null when it may go on.</summary>
    private Reply? Judged(Verdict verdict)
    {
        session.History.Judged(verdict);
        return verdict.Reply;
    }

    /// <summary>The profile's words to a client that is not refused; null when it has none. They are the listener's, whoever judges the recipient.</summary>
    private Reply? Words(DialogueStep step, PolicyFacts facts) => _listener.Engine.Words(step, facts, session.Context);

    /// <summary>
    /// Chooses the policy that judges the recipient, where the recipient's domain may name one. Null when it is chosen. A message has one fate,
    /// so all its recipients have one judge.
    /// </summary>
    private Reply? ChooseJudge(ForwardPath recipient, PolicyFacts facts)
    {
        if (_listener.ByRecipient is not { } profiles || facts.Exemption is not null)
            return null;
        var (engine, name) = profiles.JudgeOf(recipient, _listener.Engine);
        if (engine is null)
            return profiles.Unknown(name!);
        if (engine != session.Judge)
        {
            if (session.NextHop is not null)
                return InboundReplies.AnotherReceiver;
            engine.Prepare(facts);
            session.Judge = engine;
        }
        session.History.JudgedBy(engine.Profile.Name);
        return null;
    }

    /// <summary>The next hop does not take the recipient. A stranger whose recipients often do not exist is guessing names.</summary>
    private CommandOutcome Unknown(Reply refusal) =>
        // A client that may relay is ours, and its list of recipients may be old.
        refusal.IsPermanent && !session.MayRelay && !session.Limits.AllowUnknownRecipient()
            ? new(session.Signed(InboundReplies.TooManyUnknownRecipients)) { End = SessionEnd.TooManyUnknownRecipients }
            : new(refusal) { Refuser = Refuser.NextHop };

    /// <summary>Null when the user may have one more recipient.</summary>
    private Reply? OverQuota() => session.User is not { } user || _listener.Quota is not { } quota || quota.TryTake(user) ? null
        : new(450, 7, 1, $"This user has reached the limit of {quota.PerHour} recipients in an hour; try again later");

    /// <summary>Null when there is room for the client.</summary>
    private Reply? NoRoom() => session.Admission switch
    {
        Admission.Granted => null,
        Admission.TooManyInAll => new(421, null, $"{_listener.HostName} Too many connections, try again later"),
        _ => new(421, null, $"{_listener.HostName} Too many connections from [{session.Client.Address}], try again later"),
    };
}
