using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// Gathers what happens on one connection, for the record that is made when it has ended. No decision reads it. It is bounded, whatever the
/// client does. Written by the connection alone.
/// </summary>
/// <param name="profile">The listener's profile.</param>
public sealed class SessionHistory(string profile)
{
    private const int MaxTransactions = 100;
    private const int MaxRefusals = 32;
    private const int MaxFailedNames = 8;

    // Most connections judge a few things and carry one message, so the lists are made when there is something to put in.
    private List<TransactionRecord>? _transactions;
    private List<SpokenRefusal>? _refusals;
    private List<string>? _failedNames;
    private FindingList _findings;
    private ProfileNames _profiles;
    private TransactionHistory? _open;

    internal string Profile => _profiles.Text ?? profile;
    internal Verdict? Verdict { get; private set; }
    internal Verdict? FirstRefusal { get; private set; }
    internal IReadOnlyList<Finding> Findings => _findings.Items;
    internal IReadOnlyList<TransactionRecord> Transactions => _transactions ?? (IReadOnlyList<TransactionRecord>)[];
    internal IReadOnlyList<SpokenRefusal> Refusals => _refusals ?? (IReadOnlyList<SpokenRefusal>)[];
    internal IReadOnlyList<string> FailedNames => _failedNames ?? (IReadOnlyList<string>)[];
    internal int TransactionCount { get; private set; }
    internal int RefusedTransactionCount { get; private set; }
    internal int DeferredTransactionCount { get; private set; }
    internal int RefusalCount { get; private set; }
    internal int MessageCount { get; private set; }
    internal int DeliveredCount { get; private set; }
    internal int InDoubtCount { get; private set; }
    internal MailVolume UserVolume { get; private set; }
    internal ProxyRefusal? ProxyRefusal { get; private set; }
    internal bool IsXclientRefused { get; private set; }

    /// <summary>The listener, which is for proxies, refused the peer.</summary>
    public void ProxyRefused(ProxyRefusal? refusal) => ProxyRefusal = refusal;

    /// <summary>A trusted proxy named the client: what was found about another client is forgotten, and what was spoken stays.</summary>
    public void ClientNamed()
    {
        TransactionEnded();
        (Verdict, FirstRefusal, _findings) = (null, null, default);
    }

    /// <summary>The peer sent XCLIENT, and is not in <c>Relay.TrustedProxies</c>.</summary>
    public void XclientRefused() => IsXclientRefused = true;

    public void LoginFailed(string name)
    {
        if (FailedNames.Count < MaxFailedNames && !FailedNames.Contains(name))
            (_failedNames ??= []).Add(name);
    }

    /// <summary>MAIL: a transaction begins. If the one before is still open, it is over.</summary>
    /// <param name="number">Counted from 1.</param>
    /// <param name="sender">The reverse-path.</param>
    /// <param name="at">From the start of the session.</param>
    public void Began(int number, ReversePath sender, TimeSpan at)
    {
        TransactionEnded();
        TransactionCount = number;
        _open = new(number, sender, at);
    }

    /// <summary>RCPT: the next reply is about this recipient.</summary>
    public void Asked(ForwardPath recipient)
    {
        if (_open is not null)
            _open.Asked = recipient;
    }

    /// <summary>The recipient's domain chose the profile that judges.</summary>
    public void JudgedBy(string name)
    {
        _profiles.Add(name);
        _open?.JudgedBy(name);
    }

    public void Judged(Verdict verdict)
    {
        if (verdict.Findings.Count == 0)
            return;
        Verdict = verdict;
        if (verdict.IsRefusal)
            FirstRefusal ??= verdict;
        if (_open is null)
            _findings.Add(verdict.Findings);
        else
            _open.Judged(verdict);
    }

    /// <summary>A reply was written.</summary>
    /// <param name="verb">The command that it answers; <see cref="Verb.Unknown"/> for the greeting, and for what was no command.</param>
    /// <param name="outcome">What was decided, with the reply.</param>
    /// <param name="at">From the start of the session.</param>
    public void Answered(Verb verb, CommandOutcome outcome, TimeSpan at = default)
    {
        if (!outcome.IsRefusal)
        {
            _open?.Accepted(verb);
            return;
        }
        var reply = outcome.Reply!;
        var isNextHops = verb == Verb.Rcpt && outcome.Refuser == Refuser.NextHop && _open is not null;
        if (++RefusalCount <= MaxRefusals)
            (_refusals ??= []).Add(new(verb, reply, at, _open?.Number, verb == Verb.Rcpt ? _open?.Asked : null) { IsNextHops = isNextHops });
        _open?.Refused(verb, reply, outcome.Refuser);
        if (verb == Verb.Mail && _open is { IsAccepted: false })
            TransactionEnded();
    }

    /// <summary>The message was decided, and with it the transaction.</summary>
    /// <param name="envelope">All recipients that were accepted.</param>
    /// <param name="size">Octets as received.</param>
    /// <param name="fate">What became of the message.</param>
    /// <param name="isUsers">Whether the client sent it for a user.</param>
    public void Message(Envelope envelope, long size, RelayResult fate, bool isUsers = false)
    {
        MessageCount++;
        if (!fate.Reply.IsPositive)
            CountRefused(fate.Reply);
        else
            DeliveredCount++;
        if (fate.Reply.IsPositive && isUsers)
            UserVolume = UserVolume.Plus(envelope.Recipients.Count, size);
        if (fate.IsInDoubt)
            InDoubtCount++;
        _open ??= new(++TransactionCount, envelope.Sender, TimeSpan.Zero);
        Add(_open.Close(envelope, size, fate));
    }

    /// <summary>The transaction is over, if one is open. Also to be called when the connection is gone.</summary>
    public void TransactionEnded()
    {
        if (_open is null)
            return;
        if (_open.Refusal is { } refusal)
            CountRefused(refusal);
        Add(_open.Close());
    }

    private void CountRefused(Reply reply)
    {
        RefusedTransactionCount++;
        if (!reply.IsPermanent)
            DeferredTransactionCount++;
    }

    private void Add(TransactionRecord transaction)
    {
        _open = null;
        if (Transactions.Count < MaxTransactions)
            (_transactions ??= []).Add(transaction);
    }
}
