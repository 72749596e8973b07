using System.Net;

namespace Gateway.Policy;

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
    public bool IsEntry => Reading.Answers.Any(List.Counts);

    public bool IsUnknown => Reading.Trouble is not null;
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

    /// <summary>Whether a list that would let the client through gave no answer.</summary>
    public bool MayBeAllowed => Status != ListStatus.Allowed && Listings.Any(listing => listing is { IsUnknown: true, List.IsAllow: true });

    public IReadOnlyList<TrailStep> Trail => [.. Listings.SelectMany(listing => listing.Reading.Trail)];

    bool IFactSheet.IsSettled => Status != ListStatus.TempError;

    /// <summary>
    /// A list without an answer may say both: the client is listed only if it is in the best case, and free only if it is in
    /// the worst.
    /// </summary>
    internal static ListFacts Of(IPAddress address, ListQuery query, IReadOnlyList<Listing> listings)
    {
        var scoring = listings.Where(listing => !listing.List.IsAllow).ToList();
        var unknown = scoring.Where(listing => listing.IsUnknown).ToList();
        var score = scoring.Where(listing => listing.IsEntry).Sum(listing => listing.List.Weight);
        var least = score + unknown.Sum(listing => Math.Min(listing.List.Weight, 0));
        var most = score + unknown.Sum(listing => Math.Max(listing.List.Weight, 0));
        var mayBeAllowed = listings.Any(listing => listing is { IsUnknown: true, List.IsAllow: true });

        var status = listings.Any(listing => listing is { IsEntry: true, List.IsAllow: true }) ? ListStatus.Allowed
            : most < query.Threshold ? ListStatus.NotListed
            : least >= query.Threshold && !mayBeAllowed ? ListStatus.Listed
            : ListStatus.TempError;
        return new(status, score, listings, ListWording.Of(address, status, score, query.Threshold, listings));
    }
}
