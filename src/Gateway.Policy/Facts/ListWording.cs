using System.Net;

namespace Gateway.Policy.Facts;

/// <summary>The sentence that says what lists say about a client: each that it is on, with value, weight and words.</summary>
internal static class ListWording
{
    public static string Of(IPAddress address, ListStatus status, int score, int threshold, IReadOnlyList<Listing> listings)
    {
        var entries = listings.Where(listing => listing.IsEntry).Select(Entry).ToList();
        var unknown = listings.Where(listing => listing.IsUnknown || listing.Unusable is not null).Select(Unknown).ToList();
        var found = entries.Count > 0 ? $"{address} is on {Wording.Listed(entries)}" : $"{address} is not on any of the lists";
        var sum = status == ListStatus.Allowed ? "accepted because of it" : $"score {score} of {threshold}";
        return unknown.Count > 0 ? $"{found}; {sum}; {Wording.Listed(unknown)}" : $"{found}; {sum}";
    }

    private static string Entry(Listing listing)
    {
        var value = Wording.Listed([.. listing.Reading.Answers.Where(listing.List.Counts).Select(answer => answer.ToString())]);
        var meaning = listing.List.IsAllow ? "allows" : $"weight {listing.List.Weight}";
        var words = listing.Reading.Text is { } text ? $": {text}" : "";
        return $"{Wording.Shown(listing.List.Zone)} ({value}, {meaning}{words})";
    }

    private static string Unknown(Listing listing) => listing.Unusable is { } unusable
        ? $"{Wording.Shown(listing.List.Zone)} cannot be used: {unusable}"
        : $"{Wording.Shown(listing.List.Zone)} did not answer: {listing.Reading.Trouble}";
}
