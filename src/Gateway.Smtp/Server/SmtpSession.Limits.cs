namespace Gateway.Smtp;

// What a client may do that moves no mail: errors, commands that achieve nothing, and input that does not wait for its turn.
public sealed partial class SmtpSession
{
    /// <summary>The reply to an error in the protocol. Each is counted, and the last one is 421.</summary>
    private Reply Mistake(Reply reply) =>
        session.Limits.AllowError(isBeforeHelo: session.Phase == Phase.Start) ? reply : EndWith(SessionEnd.TooManyErrors, ServerReplies.TooManyErrors);

    /// <summary>What was decided about a command that moves no mail. Each is counted, and the last one is answered 421.</summary>
    private CommandOutcome Idle(CommandOutcome outcome) => session.IsOwnClient || session.Limits.AllowIdleCommand() ? outcome : EndIdle();

    private Reply EndIdle() => EndWith(SessionEnd.TooManyJunkCommands, ServerReplies.TooManyJunkCommands);

    private Reply EndWith(SessionEnd end, Reply reply)
    {
        session.End = end;
        return reply;
    }

    // RFC 5321 §4.5.3.1.10: a client sends the others after the message for those that were taken. One that has pipelined as many as are
    // allowed, and as many again, must come as far as that (Postfix: smtpd_recipient_overshoot_limit).
    private CommandOutcome OneTooMany(Transaction transaction) =>
        ++transaction.Excess <= _options.MaxRecipients ? ServerReplies.TooManyRecipients : Idle(ServerReplies.TooManyRecipients);

    /// <summary>
    /// Commands that can only be the last of a pipelined group (RFC 2920 §3.1). AUTH is one because RFC 4954 does not say otherwise, and HELO
    /// because a client that says it knows of no pipelining. STARTTLS looks for itself, and behind QUIT nothing is read.
    /// </summary>
    private static bool EndsGroup(Verb verb) => verb is Verb.Helo or Verb.Ehlo or Verb.Data or Verb.Vrfy or Verb.Expn or Verb.Noop or Verb.Auth;

    /// <summary>
    /// The reply to a command that ends a group, about to be written. Input that is here already was sent without it. Such a client recites
    /// its dialogue without reading replies, or somebody has injected commands into its connection.
    /// </summary>
    private CommandOutcome InStep(CommandOutcome outcome)
    {
        if (session.End is not null || _wire.Lost is not null || !_options.RefusesEarlyInput || session.IsOwnClient)
            return outcome;
        return _wire.HasInput || HasUnreadInput?.Invoke() is true ? EndWith(SessionEnd.EarlyInput, ServerReplies.EarlyInput) : outcome;
    }
}
