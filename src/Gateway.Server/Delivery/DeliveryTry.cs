using System.Net;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>One try to deliver a message to a smart host.</summary>
/// <param name="Result">How it ended; null when there was no connection.</param>
/// <param name="Failure">Why there was no connection.</param>
/// <param name="Server">The server that answered.</param>
/// <param name="WasReused">The connection had carried messages before.</param>
internal readonly record struct DeliveryTry(SendResult? Result, string? Failure, IPEndPoint? Server, bool WasReused)
{
    /// <summary>The reply with which the smart host refused the connection.</summary>
    public Reply? Refusal { get; init; }

    /// <summary>
    /// An idle connection may have broken unnoticed, the server may have closed it after a time-out (421, RFC 5321 §3.8), or its replies may
    /// not fit the commands any more. So a new connection is tried once. After the end of the message this is not allowed: the smart host may
    /// have taken the message, and only the client may send it again.
    /// </summary>
    public bool IsWorthRepeating => WasReused && Result is SendResult.Failed { MayHaveBeenDelivered: false };
}
