using System.Net;
using Gateway.Dns;

namespace Gateway.Policy;

/// <summary>What one list says about the client, whatever that means to whom.</summary>
/// <param name="Zone">The list's.</param>
/// <param name="Answers">The values of the entry, all in 127.0.0.0/8; empty when there is none.</param>
/// <param name="Text">Why, in the list's words: printable, and short; null when it does not say.</param>
/// <param name="Trouble">Why the list could not say; null when it could.</param>
/// <param name="Trail">Each query, its answer and its time.</param>
public sealed record ListReading(
    DomainName Zone, IReadOnlyList<IPAddress> Answers, string? Text, string? Trouble, IReadOnlyList<TrailStep> Trail) : IFactSheet
{
    bool IFactSheet.IsSettled => Trouble is null;
}
