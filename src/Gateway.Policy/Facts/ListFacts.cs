using System.Net;

namespace Gateway.Policy.Facts;

/// <summary>What several lists say together.</summary>
public enum ListStatus
{
    /// <summary>The score stays below the threshold, whatever lists that gave no answer would say.</summary>
    NotListed,

    /// <summary>The score reaches the threshold, whatever lists that gave no answer would say.</summary>
    Listed,

    /// <summary>The client is on a list that lets it through.</summary>
    Allowed,

    /// <summary>It depends on lists that gave no answer.</summary>
    TempError,
}

/// <summary>One list, and what it said.</summary>
public sealed record Listing(AddressList List, ListReading Reading)
{
    /// <summary>Whether the client is on it, in the sense that is asked for.</summary>
    public bool IsEntry => Unusable is null && Reading.Answers.Any(List.Counts);

    /// <summary>The list gave no answer.</summary>
    public bool IsUnknown => Reading.Trouble is not null;

    /// <summary>Why the answer is none of the list's, as words about the list; null when it is.</summary>
    public string? Unusable { get; } = Reading.Answers
        .Select(answer => List.WhyUnusable(answer) is { } why ? $"it answered {answer}, {why}" : null).FirstOrDefault(static why => why is not null);

    /// <summary>
    /// The list may speak for the client, and nobody knows. A list that speaks against clients is not judged when its answer is unusable,
    /// for that may last; but no client loses a list that would speak for it.
    /// </summary>
    internal bool MaySpeakFor => (IsUnknown || Unusable is not null) && (List.IsAllow || List.Weight < 0);
}

/// <summary>What the lists of a rule say about the client, with each one's part in it.</summary>
/// <param name="Status">The result.</param>
/// <param name="Score">The sum of the weights of the lists that the client is on.</param>
/// <param name="Listings">Each list, in the order of the rule.</param>
/// <param name="Detail">One sentence that says why, safe to show.</param>
public sealed record ListFacts(ListStatus Status, int Score, IReadOnlyList<Listing> Listings, string Detail) : IFactSheet
{
    /// <summary>The first list that speaks against the client; null when none does.</summary>
    public Listing? Against => Listings.FirstOrDefault(listing => listing.IsEntry && listing.List is { IsAllow: false, Weight: > 0 });

    /// <summary>Whether a list that would let the client through gave no answer, or an unusable one.</summary>
    public bool MayBeAllowed => Status != ListStatus.Allowed && Listings.Any(static listing => listing is { MaySpeakFor: true, List.IsAllow: true });

    public IReadOnlyList<TrailStep> Trail => [.. Listings.SelectMany(listing => listing.Reading.Trail)];

    bool IFactSheet.IsSettled => Status != ListStatus.TempError;

    /// <summary>
    /// A list without an answer may say both: the client is listed only if it is in the best case, and free only if it is in
    /// the worst. A list with an unusable answer says nothing.
    /// </summary>
    internal static ListFacts Of(IPAddress address, ListQuery query, IReadOnlyList<Listing> listings)
    {
        var scoring = listings.Where(listing => !listing.List.IsAllow).ToList();
        var unknown = scoring.Where(listing => listing.IsUnknown || listing.MaySpeakFor).ToList();
        var score = scoring.Where(listing => listing.IsEntry).Sum(listing => listing.List.Weight);
        var least = score + unknown.Sum(listing => Math.Min(listing.List.Weight, 0));
        var most = score + unknown.Sum(listing => Math.Max(listing.List.Weight, 0));
        var mayBeAllowed = listings.Any(static listing => listing is { MaySpeakFor: true, List.IsAllow: true });

        var status = listings.Any(listing => listing is { IsEntry: true, List.IsAllow: true }) ? ListStatus.Allowed
            : most < query.Threshold ? ListStatus.NotListed
            : least >= query.Threshold && !mayBeAllowed ? ListStatus.Listed
            : ListStatus.TempError;
        return new(status, score, listings, ListWording.Of(address, status, score, query.Threshold, listings));
    }
}
