using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>One transaction and its fate.</summary>
/// <param name="Sender">The reverse-path.</param>
/// <param name="Recipients">Those that were accepted, the first ones: a client may name a thousand, and a record must stay small.</param>
/// <param name="RecipientCount">All that were accepted.</param>
/// <param name="Size">Octets as received; 0 without a message.</param>
/// <param name="Fate">What became of the message, and why; null when there was none to deliver.</param>
public sealed record TransactionRecord(
    ReversePath Sender, IReadOnlyList<ForwardPath> Recipients, int RecipientCount, long Size, RelayResult? Fate)
{
    /// <summary>Counted from 1, refused ones too; it stands behind the session's id in the Received field.</summary>
    public int Number { get; init; } = 1;

    /// <summary>From the start of the session to MAIL.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Who judged it, where the recipient's domain chooses; null: the listener's profile.</summary>
    public string? Profile { get; init; }

    /// <summary>What the checks found, each thing once.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The first verdict of the policy that refused; null when none did.</summary>
    public Verdict? PolicyRefusal { get; init; }

    /// <summary>The first negative reply but that to the message; null when there was none.</summary>
    public Reply? Refusal { get; init; }

    /// <summary>Relay control refused a recipient.</summary>
    public bool IsRefusedByRelayControl { get; init; }

    /// <summary>
    /// Whether the next hop refused, in its own words, the message or else a recipient. A 5yz reply goes before a 4yz reply to
    /// another recipient. Null when the next hop refused nothing, or could not be reached.
    /// </summary>
    public Decision? NextHopRefusal { get; init; }
}

/// <summary>A negative reply, and what it answered.</summary>
/// <param name="Verb"><see cref="Verb.Unknown"/> for the greeting, and for what was no command.</param>
/// <param name="Reply">As spoken.</param>
/// <param name="At">From the start of the session.</param>
/// <param name="Transaction">The number of the transaction; null outside of any.</param>
/// <param name="Recipient">Whom a refused RCPT named, if it could be read.</param>
public readonly record struct SpokenRefusal(Verb Verb, Reply Reply, TimeSpan At, int? Transaction, ForwardPath? Recipient)
{
    /// <summary>Whether the reply is the next hop's own, passed on.</summary>
    public bool IsNextHops { get; init; }
}
