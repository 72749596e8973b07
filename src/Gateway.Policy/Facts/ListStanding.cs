using System.Net;

namespace Gateway.Policy.Facts;

/// <summary>What a public list says about an address.</summary>
public enum ListStanding
{
    Listed,
    NotListed,

    /// <summary>The list answers this DNS resolver with an error in 127.255.255.0/24 (common usage of large lists).</summary>
    Refused,

    /// <summary>No answer, or none of a list.</summary>
    Unanswered,

    /// <summary>The list has no test entry, or one that must not exist: nothing that it answers means anything (RFC 5782 §5).</summary>
    Broken,

    /// <summary>The list has no entries for addresses of this family.</summary>
    OtherFamily,
}

/// <summary>One list's answer.</summary>
/// <param name="List">Which.</param>
/// <param name="Standing">What it means.</param>
/// <param name="Values">The values of the entry, which the list's own page explains.</param>
/// <param name="Words">The list's words; printable and short; null when it has none.</param>
/// <param name="Meaning">One sentence, safe to show.</param>
/// <param name="Trail">Each query, its answer and its time.</param>
public sealed record ListAnswer(
    PublicList List, ListStanding Standing, IReadOnlyList<IPAddress> Values, string? Words, string Meaning, IReadOnlyList<TrailStep> Trail);
