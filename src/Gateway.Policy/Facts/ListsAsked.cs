using System.Net;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>The lists that a connection asked: each zone once, however many rules want to know.</summary>
internal sealed class ListsAsked(ListLookup lookup, ListTroubles troubles, IPAddress address, FactLedger ledger, CancellationToken connection)
{
    private readonly Dictionary<DomainName, Fact<ListReading>> _readings = [];
    private readonly Dictionary<ListQuery, Fact<ListFacts>> _queries = [];

    /// <summary>Begins to ask all lists of a query at once, unless they were asked before.</summary>
    public Fact<ListFacts> Ask(ListQuery query)
    {
        if (!_queries.TryGetValue(query, out var fact))
            _queries[query] = fact = new(GatherAsync(query, [.. query.Lists.Select(list => Reading(list.Zone))]));
        return fact;
    }

    private Task<ListReading> Reading(DomainName zone)
    {
        if (!_readings.TryGetValue(zone, out var reading))
            _readings[zone] = reading = ledger.Asked(lookup.LookupAsync(zone, address, connection));
        return reading.Asking;
    }

    private async Task<ListFacts> GatherAsync(ListQuery query, Task<ListReading>[] asking)
    {
        var readings = await Task.WhenAll(asking);
        var facts = ListFacts.Of(address, query, [.. query.Lists.Zip(readings, static (list, reading) => new Listing(list, reading))]);
        foreach (var listing in facts.Listings)
            if (listing.Unusable is { } unusable)
                troubles.Met(listing.List.Zone, unusable);
        return facts;
    }
}
