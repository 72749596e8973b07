using System.Net;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// Everything that happened on one connection: log, journal, dashboard, lab and <c>explain</c> are views of it. Bounded,
/// whatever the client does; written by the connection alone, read when it has ended.
/// </summary>
public sealed class SessionRecord(string id, DateTimeOffset started, IPEndPoint client, EndPoint? listener, string profile)
{
    private const int MaxTransactions = 100;
    private const int MaxRefusals = 32;
    private const int MaxFailedNames = 8;

    // Most connections judge a few things and carry one message: the lists are made when there is something to put in.
    private List<TransactionRecord>? _transactions;
    private List<SpokenRefusal>? _refusals;
    private List<string>? _failedNames;
    private FindingList _findings;
    private OpenTransaction? _open;
    private ProfileNames _profiles;

    public string Id { get; } = id;
    public DateTimeOffset Started { get; } = started;

    /// <summary>Who connected: the client, or the proxy that speaks for it.</summary>
    public IPEndPoint Peer { get; } = client;

    /// <summary>Never IPv4-mapped.</summary>
    public IPEndPoint Client { get; private set; } = client;

    /// <summary>By what a trusted proxy said who the client is: <c>PROXY</c> or <c>XCLIENT</c>; null when nobody did.</summary>
    public string? ClaimedBy { get; private set; }

    /// <summary>Why the listener, which is for proxies, turned the connection away; null when it did not.</summary>
    public ProxyRefusal? ProxyRefusal { get; set; }

    /// <summary>The client sent XCLIENT and is none of <c>Relay.TrustedProxies</c>.</summary>
    public bool IsXclientRefused { get; set; }

    public EndPoint? Listener { get; private set; } = listener;

    /// <summary>The listener's profile; where recipients name it, those that they named, one after the other.</summary>
    public string Profile => _profiles.Text ?? profile;

    /// <summary>The reverse DNS; null when it was not asked, or had not answered at the end.</summary>
    public ClientFacts? Facts { get; set; }

    /// <summary>Each query that was made for the connection, in order.</summary>
    public IReadOnlyList<TrailStep> Trail { get; set; } = [];

    /// <summary>The last verdict.</summary>
    public Verdict? Verdict { get; private set; }

    /// <summary>The first verdict that refused; null when the policy refused nothing.</summary>
    public Verdict? FirstRefusal { get; private set; }

    /// <summary>What was found before or outside any transaction: in the greeting, at HELO.</summary>
    public IReadOnlyList<Finding> Findings => _findings.Items;

    public Helo? Helo { get; set; }

    /// <summary>Protocol and cipher suite; null in the clear.</summary>
    public string? Tls { get; set; }

    /// <summary>From MAIL on, whatever became of them: the first ones.</summary>
    public IReadOnlyList<TransactionRecord> Transactions => _transactions ?? (IReadOnlyList<TransactionRecord>)[];

    /// <summary>Also those beyond <see cref="Transactions"/>.</summary>
    public int TransactionCount { get; private set; }

    /// <summary>Transactions in which something was refused and nothing delivered.</summary>
    public int RefusedTransactionCount { get; private set; }

    /// <summary>Of these, the transactions whose first negative reply was a 4yz reply.</summary>
    public int DeferredTransactionCount { get; private set; }

    /// <summary>Negative replies: the first ones.</summary>
    public IReadOnlyList<SpokenRefusal> Refusals => _refusals ?? (IReadOnlyList<SpokenRefusal>)[];

    /// <summary>Also those beyond <see cref="Refusals"/>.</summary>
    public int RefusalCount { get; private set; }

    public int MessageCount { get; private set; }

    /// <summary>Messages that the next hop took over.</summary>
    public int DeliveredCount { get; private set; }

    /// <summary>Messages that the next hop had and did not confirm.</summary>
    public int InDoubtCount { get; private set; }

    /// <summary>As whom the client authenticated, here or at a trusted proxy; null when it did not.</summary>
    public string? User { get; set; }

    /// <summary>Logins that were refused for their password, or not looked at because too many were.</summary>
    public int FailedLogins { get; private set; }

    /// <summary>The names that failed, each once, as the client gave them: the first ones.</summary>
    public IReadOnlyList<string> FailedNames => _failedNames ?? (IReadOnlyList<string>)[];

    /// <summary>What was delivered for <see cref="User"/>.</summary>
    public MailVolume UserVolume { get; private set; }

    /// <summary>Why a message could not be kept in the folder for temporary files, so that its client got 452; null when none was lost so.</summary>
    public string? StorageFailure { get; set; }

    public SessionEnd End { get; set; }
    public TimeSpan Elapsed { get; set; }

    /// <summary>A trusted proxy says who the client is: what was found about somebody else is forgotten, what was spoken was spoken.</summary>
    public void Claimed(string by, IPEndPoint client, EndPoint? listener)
    {
        CloseTransaction();
        (ClaimedBy, Client, Listener) = (by, client, listener);
        (Verdict, FirstRefusal, _findings) = (null, null, default);
    }

    public void LoginFailed(string name)
    {
        FailedLogins++;
        if (FailedNames.Count < MaxFailedNames && !FailedNames.Contains(name))
            (_failedNames ??= []).Add(name);
    }

    /// <summary>MAIL: a transaction begins, and the one before it, if it is still there, is over.</summary>
    public void Begin(ReversePath sender, TimeSpan at)
    {
        CloseTransaction();
        _open = new(++TransactionCount, sender, at);
    }

    /// <summary>RCPT: the next reply is about this recipient.</summary>
    public void Asked(ForwardPath recipient)
    {
        if (_open is not null)
            _open.Asked = recipient;
    }

    /// <summary>Which profile judges the recipient; only where the recipient's domain chooses.</summary>
    public void JudgedBy(string name)
    {
        _profiles.Add(name);
        _open?.JudgedBy(name);
    }

    /// <summary>The refusal that is spoken next is the next hop's, in its own words.</summary>
    public void NextHopRefuses() => Refuses(Refuser.NextHop);

    /// <summary>The refusal that is spoken next is relay control's.</summary>
    public void RelayControlRefuses() => Refuses(Refuser.RelayControl);

    private void Refuses(Refuser refuser)
    {
        if (_open is not null)
            _open.Refuser = refuser;
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

    /// <summary>The command was answered positively.</summary>
    public void Accepted(Verb verb) => _open?.Accepted(verb);

    public void Refused(Verb verb, Reply reply, TimeSpan at = default)
    {
        RefusalCount++;
        var refusal = new SpokenRefusal(verb, reply, at, _open?.Number, verb == Verb.Rcpt ? _open?.Asked : null)
        {
            IsNextHops = verb == Verb.Rcpt && _open is { Refuser: Refuser.NextHop },
        };
        if (RefusalCount <= MaxRefusals)
            (_refusals ??= []).Add(refusal);
        _open?.Refused(verb, reply);
        if (verb == Verb.Mail && _open is { IsAccepted: false })
            CloseTransaction();
    }

    /// <summary>The message has met its fate, and with it the transaction.</summary>
    public void Message(Envelope envelope, long size, RelayResult fate)
    {
        MessageCount++;
        if (fate.Reply.IsPositive)
            Delivered(envelope, size);
        else
            CountRefused(fate.Reply);
        if (fate.IsInDoubt)
            InDoubtCount++;
        _open ??= new(++TransactionCount, envelope.Sender, TimeSpan.Zero);
        Add(_open.Close(envelope, size, fate));
    }

    private void Delivered(Envelope envelope, long size)
    {
        DeliveredCount++;
        if (User is not null)
            UserVolume = UserVolume.Plus(envelope.Recipients.Count, size);
    }

    /// <summary>The transaction is gone, if there still is one; also to be called when the connection is.</summary>
    public void CloseTransaction()
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
