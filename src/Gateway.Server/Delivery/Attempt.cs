using System.Net;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>One try to hand a message over.</summary>
/// <param name="Result">How it ended; null when there was no connection.</param>
/// <param name="Failure">Why there was none.</param>
/// <param name="Server">Who answered.</param>
/// <param name="WasReused">On a connection that had carried messages before.</param>
internal readonly record struct Attempt(SendResult? Result, string? Failure, IPEndPoint? Server, bool WasReused)
{
    /// <summary>What the smart host said instead of letting us in.</summary>
    public Reply? Refusal { get; init; }

    /// <summary>
    /// A kept connection may have died unseen, been closed by the server's own clock (421, RFC 5321 §3.8), or got out of step; a
    /// new one that fails tells the truth. Only before the end of the message: after that the smart host may have taken it, and
    /// the client alone may send it again.
    /// </summary>
    public bool IsWorthRepeating => WasReused && Result is SendResult.Failed { MayHaveBeenDelivered: false };
}
