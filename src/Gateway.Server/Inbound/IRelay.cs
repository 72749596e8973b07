using System.Net;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>Knows who takes which mail: the seam between receiving and delivering.</summary>
public interface IRelay
{
    /// <summary>Who takes a recipient's mail; null when nobody does.</summary>
    INextHop? NextHopOf(ForwardPath recipient);
}

/// <summary>
/// Takes messages over, or says why not. Recipients of one transaction share one next hop, for one reply answers them all.
/// </summary>
public interface INextHop
{
    /// <summary>
    /// Whether it would take mail for that recipient, as far as it can be known without making the client wait for long. Null
    /// lets the recipient pass: also when nothing can be known, for then the delivery will say.
    /// </summary>
    ValueTask<Reply?> AskAsync(ForwardPath recipient, CancellationToken cancellationToken);

    /// <summary>
    /// Delivers a message, and tells for each recipient what became of it. What a network or a server does is a value, never an exception.
    /// </summary>
    Task<DeliveryResult> DeliverAsync(Envelope envelope, OutgoingMessage message, CancellationToken cancellationToken);
}

/// <summary>What became of a message for one of its recipients.</summary>
public readonly record struct RecipientResult(ForwardPath Recipient, RelayResult Result);

/// <summary>
/// What became of a message, with one entry for each recipient, in the order of the envelope. A smart host takes a message for all its
/// recipients or for none (docs/decisions/003), so today the entries share one result.
/// </summary>
public readonly struct DeliveryResult(IReadOnlyList<ForwardPath> recipients, RelayResult shared)
{
    public int Count => recipients.Count;

    public RecipientResult this[int place] => new(recipients[place], shared);
}

/// <summary>The fate of a message, with what explains it.</summary>
/// <param name="Reply">What the client hears; a positive one says that the next hop has taken it over.</param>
/// <param name="Server">Who answered; null when nobody could be reached.</param>
/// <param name="Attempts">How many connections were tried.</param>
/// <param name="WasReused">The connection had carried other messages before.</param>
/// <param name="Elapsed">From the end of data to the reply.</param>
/// <param name="Note">What the operator should know: why an attempt failed, that 8-bit content went to a server without 8BITMIME.</param>
public sealed record RelayResult(Reply Reply, IPEndPoint? Server, int Attempts, bool WasReused, TimeSpan Elapsed, string? Note)
{
    /// <summary>The reply is the next hop's own and goes to the client as it is; else the words are ours.</summary>
    public bool IsPassedOn { get; init; }

    /// <summary>The next hop had the whole message and did not say whether it took it (RFC 1047). The client was told to try again.</summary>
    public bool IsInDoubt { get; init; }
}
