using System.Net.Sockets;
using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>
/// Asks for what an advice needs and no check does: where the hosts of MX and HELO lead. It serves people who ask about one
/// address, not connections.
/// </summary>
public sealed class PublishedLookup(IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time)
{
    /// <summary>More exchanges say nothing new.</summary>
    private const int MaxExchanges = 3;

    /// <param name="client">The reverse DNS, looked up already.</param>
    /// <param name="sender">The sender's domain, looked up already; null when none was given.</param>
    /// <param name="helo">What the server says of itself; null when it was not given.</param>
    /// <param name="cancellationToken">The caller no longer wants the answer.</param>
    public async Task<PublishedFacts> LookupAsync(ClientFacts client, SenderDomainFacts? sender, string? helo, CancellationToken cancellationToken)
    {
        using var inquiry = new Inquiry(resolver, options.Deadline, time, cancellationToken);
        var exchanges = sender?.Trail.SelectMany(static step => step.Answer.Records).OfType<MxRecord>()
            .Where(static record => !record.IsNull).OrderBy(static record => record.Preference).Take(MaxExchanges).ToList() ?? [];
        var host = helo is not null && !helo.Contains('\\') && DomainName.TryParse(helo, out var name) && name.IsHostName ? name : null;
        var asked = exchanges.Select(exchange => AskAsync(inquiry, exchange.Exchange, RecordType.A, RecordType.Aaaa)).ToList();
        var asking = host is null ? null
            : AskAsync(inquiry, host, client.Address.AddressFamily == AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa);
        // Who can publish a PTR record matters only where one is missing or wrong, and can be had.
        var zones = client.Iprev is IprevStatus.PermError or IprevStatus.Fail && PublicAddress.WhyNot(client.Address) is null
            ? await Task.WhenAll(ReverseZone.Candidates(client.Address).Select(zone => inquiry.AskInTimeAsync(new(zone, RecordType.Ns)).AsTask()))
            : [];
        var hosts = await Task.WhenAll(asked);
        var steps = hosts.Concat(asking is null ? [] : [await asking]).Append(zones).SelectMany(static steps => steps);
        return new(
            client, sender,
            [.. exchanges.Select((exchange, i) => (exchange, Host(exchange.Exchange, hosts[i])))],
            asking is null ? null : Host(host!, await asking),
            [.. steps.DistinctBy(static step => step.Answer.Question)])
        {
            Zone = ReverseZone.Of(zones.Select(static step => step.Answer)),
        };
    }

    private static Task<TrailStep[]> AskAsync(Inquiry inquiry, DomainName name, params RecordType[] types) =>
        Task.WhenAll(types.Select(type => inquiry.AskInTimeAsync(new(name, type)).AsTask()));

    private static HostAddresses Host(DomainName name, TrailStep[] steps) => new(name, [.. steps.Select(static step => step.Answer)]);
}
