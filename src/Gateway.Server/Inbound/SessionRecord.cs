using System.Net;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// What happened on one connection, written down when it has ended. Log, journal, dashboard, lab and <c>explain</c> are views of it. It is
/// small, whatever the client did, and nobody changes it.
/// </summary>
public sealed class SessionRecord
{
    /// <param name="history">What has happened. It is over with the record.</param>
    public SessionRecord(SessionHistory history)
    {
        history.TransactionEnded();
        Profile = history.Profile;
        Verdict = history.Verdict;
        FirstRefusal = history.FirstRefusal;
        Findings = history.Findings;
        Transactions = history.Transactions;
        TransactionCount = history.TransactionCount;
        RefusedTransactionCount = history.RefusedTransactionCount;
        DeferredTransactionCount = history.DeferredTransactionCount;
        Refusals = history.Refusals;
        RefusalCount = history.RefusalCount;
        MessageCount = history.MessageCount;
        DeliveredCount = history.DeliveredCount;
        InDoubtCount = history.InDoubtCount;
        FailedNames = history.FailedNames;
        UserVolume = history.UserVolume;
        ProxyRefusal = history.ProxyRefusal;
        IsXclientRefused = history.IsXclientRefused;
    }

    public required string Id { get; init; }
    public required DateTimeOffset Started { get; init; }
    public TimeSpan Elapsed { get; init; }
    public SessionEnd End { get; init; }

    /// <summary>The address that connected: the client, or the proxy that spoke for it.</summary>
    public required IPEndPoint Peer { get; init; }

    /// <summary>Never IPv4-mapped.</summary>
    public required IPEndPoint Client { get; init; }

    /// <summary>How a trusted proxy named the client: <c>PROXY</c> or <c>XCLIENT</c>; null when none did.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>Why the listener, which is for proxies, refused the connection; null when it did not.</summary>
    public ProxyRefusal? ProxyRefusal { get; }

    /// <summary>The client sent XCLIENT and is not in <c>Relay.TrustedProxies</c>.</summary>
    public bool IsXclientRefused { get; }

    /// <summary>The address that the client connected to.</summary>
    public EndPoint? Listener { get; init; }

    /// <summary>The listener's profile; where recipients name it, the profiles that they named, one after the other.</summary>
    public string Profile { get; }

    /// <summary>The reverse DNS; null when it was not asked, or had not answered at the end.</summary>
    public ClientFacts? Facts { get; init; }

    /// <summary>Each query that was made for the connection, in order.</summary>
    public IReadOnlyList<TrailStep> Trail { get; init; } = [];

    /// <summary>The last verdict.</summary>
    public Verdict? Verdict { get; }

    /// <summary>The first verdict that refused; null when the policy refused nothing.</summary>
    public Verdict? FirstRefusal { get; }

    /// <summary>What was found before or outside any transaction: in the greeting, at HELO.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>How the client introduced itself last; null when it did not, or not again after STARTTLS.</summary>
    public Helo? Helo { get; init; }

    /// <summary>Protocol and cipher suite; null in the clear.</summary>
    public string? Tls { get; init; }

    /// <summary>From MAIL on, whatever became of them: the first ones.</summary>
    public IReadOnlyList<TransactionRecord> Transactions { get; }

    /// <summary>Also those beyond <see cref="Transactions"/>.</summary>
    public int TransactionCount { get; }

    /// <summary>Transactions in which something was refused and nothing delivered.</summary>
    public int RefusedTransactionCount { get; }

    /// <summary>Of these, the transactions whose first negative reply was a 4yz reply.</summary>
    public int DeferredTransactionCount { get; }

    /// <summary>Negative replies: the first ones.</summary>
    public IReadOnlyList<SpokenRefusal> Refusals { get; }

    /// <summary>Also those beyond <see cref="Refusals"/>.</summary>
    public int RefusalCount { get; }

    public int MessageCount { get; }

    /// <summary>Messages that the next hop took over.</summary>
    public int DeliveredCount { get; }

    /// <summary>Messages that the next hop had and did not confirm.</summary>
    public int InDoubtCount { get; }

    /// <summary>As whom the client authenticated, here or at a trusted proxy; null when it did not.</summary>
    public string? User { get; init; }

    /// <summary>Logins that were refused for their password, or not looked at because there were too many.</summary>
    public int FailedLogins { get; init; }

    /// <summary>The names that failed, each once, as the client gave them: the first ones.</summary>
    public IReadOnlyList<string> FailedNames { get; }

    /// <summary>What was delivered for <see cref="User"/>.</summary>
    public MailVolume UserVolume { get; }

    /// <summary>Why a message could not be kept in the folder for temporary files, so that its client got 452; null when none was lost so.</summary>
    public string? StorageFailure { get; init; }
}
