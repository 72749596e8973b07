using System.Net;
using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Inbound;

/// <summary>
/// Everything that happened on one connection: log, dashboard, lab and <c>explain</c> are views of it. Bounded, whatever the
/// client does; written by the connection alone, read when it has ended.
/// </summary>
public sealed class SessionRecord(string id, DateTimeOffset started, IPEndPoint client, EndPoint? listener, string profile)
{
    private const int MaxTransactions = 100;
    private const int MaxRecipients = 10;
    private const int MaxRefusals = 32;

    private List<TransactionRecord>? _transactions;
    private List<(Verb Verb, Reply Reply)>? _refusals;

    public string Id { get; } = id;
    public DateTimeOffset Started { get; } = started;

    /// <summary>Never IPv4-mapped.</summary>
    public IPEndPoint Client { get; } = client;

    public EndPoint? Listener { get; } = listener;
    public string Profile { get; } = profile;

    /// <summary>The reverse DNS, when it was awaited; null when nothing needed it.</summary>
    public ClientFacts? Facts { get; set; }

    /// <summary>The last verdict: its findings explain it.</summary>
    public Verdict? Verdict { get; set; }

    public Helo? Helo { get; set; }

    /// <summary>Protocol and cipher suite; null in the clear.</summary>
    public string? Tls { get; set; }

    public IReadOnlyList<TransactionRecord> Transactions => _transactions ?? (IReadOnlyList<TransactionRecord>)[];

    /// <summary>Negative replies, each with the command that it answers: the first ones.</summary>
    public IReadOnlyList<(Verb Verb, Reply Reply)> Refusals => _refusals ?? (IReadOnlyList<(Verb, Reply)>)[];

    /// <summary>Also those beyond <see cref="Refusals"/>.</summary>
    public int RefusalCount { get; private set; }

    public int MessageCount { get; private set; }

    /// <summary>Messages that the next hop took over.</summary>
    public int DeliveredCount { get; private set; }

    public SessionEnd End { get; set; }
    public TimeSpan Elapsed { get; set; }

    public void Refused(Verb verb, Reply reply)
    {
        RefusalCount++;
        if (RefusalCount <= MaxRefusals)
            (_refusals ??= []).Add((verb, reply));
    }

    public void Message(Envelope envelope, long size, RelayResult fate)
    {
        MessageCount++;
        if (fate.Reply.IsPositive)
            DeliveredCount++;
        _transactions ??= [];
        if (_transactions.Count < MaxTransactions)
            _transactions.Add(new(envelope.Sender, [.. envelope.Recipients.Take(MaxRecipients)], envelope.Recipients.Count, size, fate));
    }
}

/// <summary>One message and its fate.</summary>
/// <param name="Sender">The reverse-path.</param>
/// <param name="Recipients">The first ones: a client may name a thousand, and a record must stay small.</param>
/// <param name="RecipientCount">All of them.</param>
/// <param name="Size">Octets as received.</param>
/// <param name="Fate">What the client heard, and why.</param>
public sealed record TransactionRecord(
    ReversePath Sender, IReadOnlyList<ForwardPath> Recipients, int RecipientCount, long Size, RelayResult Fate);
