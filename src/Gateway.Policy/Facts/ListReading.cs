using System.Net;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>What one list says about the client, whatever that means to whom.</summary>
/// <param name="Zone">The list's.</param>
/// <param name="Answers">All values that were answered, whatever they are; empty when there is no entry.</param>
/// <param name="Text">Why, in the list's words: printable, and short; null when it does not say.</param>
/// <param name="Trouble">Why the list gave no answer; null when it gave one.</param>
/// <param name="Trail">Each query, its answer and its time.</param>
public sealed record ListReading(
    DomainName Zone, IReadOnlyList<IPAddress> Answers, string? Text, string? Trouble, IReadOnlyList<TrailStep> Trail) : IFactSheet
{
    /// <summary>Why an answer can be none of any list's, as words about the list; null when all may be, or there are none.</summary>
    public string? Unusable => Answers
        .Select(static answer => ListValue.WhyNeverAnEntry(answer) is { } why ? $"it answered {answer}, {why}" : null)
        .FirstOrDefault(static why => why is not null);

    bool IFactSheet.IsSettled => Trouble is null;
}
