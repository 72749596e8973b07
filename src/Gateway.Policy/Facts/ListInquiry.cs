using System.Net;
using System.Net.Sockets;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>
/// Asks public block lists about one address, for people who want to know where they are listed. A list that does not keep to RFC 5782 §5
/// is found out: else "not listed" would be said by a list that has been closed for years.
/// </summary>
public sealed class ListInquiry(FactSources sources)
{
    // RFC 5782 §5: a list has an entry for the first and none for the second. Lists of both families answer about these, too.
    private static readonly IPAddress MustBeListed = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress MustNotBeListed = IPAddress.Loopback;

    private static readonly IPNetwork Entries = IPNetwork.Parse("127.0.0.0/8");
    private static readonly IPNetwork Errors = IPNetwork.Parse("127.255.255.0/24");

    /// <summary>All at once, in the order of the lists.</summary>
    public async Task<IReadOnlyList<ListAnswer>> AskAsync(IReadOnlyList<PublicList> lists, IPAddress address, CancellationToken cancellationToken) =>
        await Task.WhenAll(lists.Select(list => AskAsync(list, address, cancellationToken)));

    private async Task<ListAnswer> AskAsync(PublicList list, IPAddress address, CancellationToken cancellationToken)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !list.HasIPv6)
            return new(list, ListStanding.OtherFamily, [], null, "no entries for IPv6 addresses", []);
        var reading = await sources.Lists.LookupAsync(list.Zone, address, cancellationToken);
        if (WhyUnknown(reading) is not null)
            return Unknown(list, reading);
        // One question more, about the half of the rule that could have deceived.
        var test = await sources.Lists.LookupAsync(list.Zone, reading.Answers.Count > 0 ? MustNotBeListed : MustBeListed, cancellationToken);
        IReadOnlyList<TrailStep> trail = [.. reading.Trail, .. test.Trail];
        if (reading.Answers.Count == 0)
            return HasTestEntry(test) ? new(list, ListStanding.NotListed, [], null, "no entry", trail)
                : WhyUnknown(test) is not null ? Unknown(list, test) with { Trail = trail }
                : new(list, ListStanding.Broken, [], null, "the list has no test entry (RFC 5782 5), so it may be closed, and its answers mean nothing", trail);
        if (test.Answers.Count > 0)
            return new(list, ListStanding.Broken, [], null, "the list has an entry for 127.0.0.1, which is not allowed (RFC 5782 5): it lists every address, or the DNS server answers in its place", trail);
        var values = string.Join(", ", reading.Answers);
        return new(list, ListStanding.Listed, reading.Answers, reading.Text, reading.Text is { } words ? $"{values}: {words}" : values, trail);
    }

    // Any value will do, 127.0.0.1 too: the list lives, and a resolver that blocks names would have answered so about the address as well.
    private static bool HasTestEntry(ListReading test) => test.Trail.SelectMany(static step => step.Answer.Records).OfType<AddressRecord>()
        .Any(static record => Entries.Contains(record.Address) && !Errors.Contains(record.Address));

    private static string? WhyUnknown(ListReading reading) => reading.Trouble ?? reading.Unusable;

    private static ListAnswer Unknown(PublicList list, ListReading reading)
    {
        var error = reading.Trail.SelectMany(static step => step.Answer.Records).OfType<AddressRecord>()
            .Select(static record => record.Address).FirstOrDefault(Errors.Contains);
        return error is null
            ? new(list, ListStanding.Unanswered, [], null, WhyUnknown(reading)!, reading.Trail)
            : new(list, ListStanding.Refused, [], null, $"the list refuses the queries of this DNS server ({error}: {Reason(error)})", reading.Trail);
    }

    // What large lists agree on; it is not an entry.
    private static string Reason(IPAddress error) => error.GetAddressBytes()[3] switch
    {
        252 => "the name is misspelled",
        254 => "it does not answer public DNS servers: ask your own one with --dns",
        255 => "it had too many queries from there",
        _ => "an error, not an entry",
    };
}
