namespace Gateway.Smtp;

// How much a client may do that is no mail: mistakes, commands that move nothing, and input that does not wait for its turn.
public sealed partial class SmtpSession
{
    // Of what is no SMTP client at all, we hear enough soon.
    private const int MostEarlyErrors = 10;

    private int _errors;
    private int _junk;

    /// <summary>
    /// Tells whether octets wait that the transport has not read yet, such as those in a socket's receive buffer; null where the transport
    /// has everything.
    /// </summary>
    public Func<bool>? HasUnreadInput { get; init; }

    /// <summary>The client did what it must not: each such reply is counted, and the last one is 421.</summary>
    private Reply Mistake(Reply reply)
    {
        var budget = Phase == Phase.Start ? Math.Min(options.MaxErrors, MostEarlyErrors) : options.MaxErrors;
        if (++_errors <= budget)
            return reply;
        _end = SessionEnd.TooManyErrors;
        return ServerReplies.TooManyErrors;
    }

    /// <summary>A command was answered that moves no mail (Postfix counts them as junk commands): the last one is 421.</summary>
    private Reply Junk(Reply reply)
    {
        return handler.IsOwnClient || ++_junk <= options.MaxJunkCommands ? reply : JunkEnd();
    }

    private Reply JunkEnd()
    {
        _end = SessionEnd.TooManyJunkCommands;
        return ServerReplies.TooManyJunkCommands;
    }

    /// <summary>The count is spent by messages that were refused: each of them heard its own verdict, so the next transaction hears the end.</summary>
    private bool IsJunkSpent => _junk > options.MaxJunkCommands && !handler.IsOwnClient;

    /// <summary>A message has met its fate. Whoever moves mail begins the count anew; a verdict is told whatever the count is.</summary>
    private Reply Decided(Reply reply)
    {
        _junk = reply.IsPositive ? 0 : _junk + 1;
        return reply;
    }

    // RFC 5321 §4.5.3.1.10: a client sends the others after the message for those that were taken. One that has pipelined as many as are
    // allowed, and as many again, must come as far as that (Postfix: smtpd_recipient_overshoot_limit).
    private Reply OneTooMany(Transaction transaction) =>
        ++transaction.Excess <= options.MaxRecipients ? ServerReplies.TooManyRecipients : Junk(ServerReplies.TooManyRecipients);

    /// <summary>
    /// RFC 2920 §3.1: commands that can only be the last of a pipelined group; AUTH because RFC 4954 does not say otherwise, HELO because
    /// who says it knows of no pipelining. STARTTLS looks for itself, and behind QUIT nothing is read.
    /// </summary>
    private static bool EndsGroup(Verb verb) => verb is Verb.Helo or Verb.Ehlo or Verb.Data or Verb.Vrfy or Verb.Expn or Verb.Noop or Verb.Auth;

    /// <summary>
    /// The reply to a command that ends a group, about to be spoken. Input that is here already was sent without it: by who does not speak
    /// SMTP but recites it, or by somebody who puts words into another's mouth.
    /// </summary>
    private Reply? InStep(Reply? reply)
    {
        if (_end is not null || _wire.Lost is not null || !options.RefusesEarlyInput || handler.IsOwnClient)
            return reply;
        if (!_wire.HasInput && HasUnreadInput?.Invoke() is not true)
            return reply;
        _end = SessionEnd.EarlyInput;
        return ServerReplies.EarlyInput;
    }
}
