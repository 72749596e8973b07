using System.Text.Json.Serialization;

namespace Gateway.Server.Journal;

/// <summary>
/// A session as the journal keeps it: a plain document that outlives the program's types. Texts of the other side are kept
/// as they were and bounded; the JSON writer escapes them. No content, no credentials. docs/journal.md describes it.
/// </summary>
public sealed record SessionDocument
{
    public required string Id { get; init; }
    public required DateTimeOffset Started { get; init; }
    public double Seconds { get; init; }

    /// <summary>The client's address.</summary>
    public required string Client { get; init; }

    public int Port { get; init; }

    /// <summary>Who connected, when that was a proxy that named the client; else null.</summary>
    public string? Peer { get; init; }

    /// <summary>How it did: <c>PROXY</c> or <c>XCLIENT</c>.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>Why a listener for proxies turned the connection away; null when it did not.</summary>
    public string? ProxyRefused { get; init; }

    /// <summary>True when the client sent XCLIENT and was not trusted to; else null.</summary>
    public bool? XclientRefused { get; init; }

    /// <summary>Where it came in; null when the transport does not say.</summary>
    public string? Listener { get; init; }

    /// <summary>Who judged: the listener's profile, or those that recipients named, with a space between.</summary>
    public required string Profile { get; init; }

    /// <summary>The confirmed name; null when there is none.</summary>
    public string? Name { get; init; }

    /// <summary>The words of RFC 8601 §2.7.3; null when the reverse DNS was not asked.</summary>
    public string? Iprev { get; init; }

    public string? ReverseDns { get; init; }
    public string? Helo { get; init; }
    public string? Tls { get; init; }

    /// <summary>As whom the client authenticated; null when it did not.</summary>
    public string? User { get; init; }

    /// <summary>What was delivered for the user.</summary>
    public VolumeDocument? UserVolume { get; init; }

    public int FailedLogins { get; init; }

    /// <summary>The names that failed, the first ones.</summary>
    public IReadOnlyList<string> FailedNames { get; init; } = [];

    /// <summary>Why a message could not be kept in the folder for temporary files, so that its client got 452; null when none was lost so.</summary>
    public string? StorageFailure { get; init; }

    /// <summary>Why the session ended.</summary>
    public required string End { get; init; }

    /// <summary>What the policy decided: the first refusal, else the last verdict; null when it was never asked.</summary>
    public VerdictDocument? Verdict { get; init; }

    public IReadOnlyList<TrailDocument> Trail { get; init; } = [];

    /// <summary>Each once, in the order in which they were found.</summary>
    public IReadOnlyList<FindingDocument> Findings { get; init; } = [];

    /// <summary>Negative replies, the first ones.</summary>
    public IReadOnlyList<RefusalDocument> Refusals { get; init; } = [];

    public int RefusalCount { get; init; }

    /// <summary>The first ones.</summary>
    public IReadOnlyList<TransactionDocument> Transactions { get; init; } = [];

    public int TransactionCount { get; init; }
    public int Messages { get; init; }
    public int Delivered { get; init; }
}

/// <summary>The decision (<c>accept</c>, <c>continue</c>, <c>defer</c> or <c>reject</c>), the check that took it and the id of its reason, if any.</summary>
public sealed record VerdictDocument(string Decision, string? Check, string? Reason);

/// <summary>What a check said: the id of the reason, when there is something against the client, and the sentence that explains it.</summary>
public sealed record FindingDocument(string Check, string Mode, string Decision, string? Reason, string Text);

/// <summary>Messages that were delivered, their recipients, and octets as received.</summary>
public sealed record VolumeDocument(int Messages, long Recipients, long Octets);

/// <summary>A query, and its answer in words.</summary>
public sealed record TrailDocument(string Type, string Name, string Status, string Answer, double Milliseconds);

/// <summary>
/// A negative reply: how many seconds after the start, to which command (null for the greeting, and for what was no command), in which
/// transaction (null outside of any), to which recipient.
/// </summary>
public sealed record RefusalDocument(double At, string? Command, int? Transaction, string? Recipient, string Reply)
{
    /// <summary>The smart host's own words, passed on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FromSmartHost { get; init; }
}

/// <summary>A transaction, from MAIL on.</summary>
public sealed record TransactionDocument
{
    /// <summary>Counted from 1; it stands behind the session's id in the Received field.</summary>
    public int Number { get; init; }

    /// <summary>Seconds after the start.</summary>
    public double At { get; init; }

    /// <summary>Who judged it, where the recipient's domain chooses; null: the listener's profile.</summary>
    public string? Profile { get; init; }

    public required string Sender { get; init; }

    /// <summary>Those that were accepted, the first ones.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    public int RecipientCount { get; init; }

    /// <summary>Places in <see cref="SessionDocument.Findings"/>.</summary>
    public IReadOnlyList<int> Findings { get; init; } = [];

    /// <summary>The answer to the message, else the first refusal; null when the client just went away.</summary>
    public string? Reply { get; init; }

    /// <summary>The next hop took the message.</summary>
    public bool IsDelivered { get; init; }

    /// <summary>Null when there was nothing to deliver.</summary>
    public DeliveryDocument? Delivery { get; init; }
}

/// <summary>A delivery: octets of the message, who answered (null when nobody could be reached), connections that were tried.</summary>
public sealed record DeliveryDocument(long Size, string? Server, int Attempts, double Milliseconds, string? Note)
{
    /// <summary>The smart host had the whole message and did not say whether it took it; the client was told to send it again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsInDoubt { get; init; }
}
