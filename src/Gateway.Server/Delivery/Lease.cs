using System.Net;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>A connection that the pool lends, or the reason why it lends none.</summary>
/// <param name="Client">Null when there is no connection.</param>
/// <param name="Server">The server at its other end.</param>
/// <param name="WasReused">The connection has carried messages before, so it may be broken by now.</param>
/// <param name="Failure">Why there is no connection.</param>
internal readonly record struct Lease(SmtpClient? Client, IPEndPoint? Server, bool WasReused, string? Failure)
{
    /// <summary>The reply with which the smart host refused the connection; null when it did not answer.</summary>
    public Reply? Refusal { get; init; }

    public static Lease None(string? failure, Reply? refusal = null) => new(null, null, false, failure) { Refusal = refusal };
}
