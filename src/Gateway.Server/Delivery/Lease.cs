using System.Net;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>A connection on loan, or why there is none.</summary>
/// <param name="Client">Null when the smart host cannot be had.</param>
/// <param name="Server">Where it leads.</param>
/// <param name="WasReused">It has carried messages before, so it may have died meanwhile.</param>
/// <param name="Failure">Why there is none.</param>
internal readonly record struct Lease(SmtpClient? Client, IPEndPoint? Server, bool WasReused, string? Failure)
{
    /// <summary>The smart host's own words, when it was there and did not want us.</summary>
    public Reply? Refusal { get; init; }

    public static Lease None(string? failure, Reply? refusal = null) => new(null, null, false, failure) { Refusal = refusal };
}
