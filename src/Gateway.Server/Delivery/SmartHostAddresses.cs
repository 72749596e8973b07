using System.Net;
using Gateway.Dns;
using Gateway.Server.Configuration;

namespace Gateway.Server.Delivery;

/// <summary>Where a smart host can be reached, in the order to try.</summary>
internal sealed class SmartHostAddresses(SmartHostOptions options, IDnsResolver resolver)
{
    private readonly IPEndPoint? _literal = IPAddress.TryParse(options.Host, out var address) ? new(address, options.Port) : null;

    /// <returns>The endpoints, IPv4 first; or why there are none.</returns>
    public async ValueTask<(IReadOnlyList<IPEndPoint> EndPoints, string? Failure)> FindAsync(CancellationToken cancellationToken)
    {
        if (_literal is not null)
            return ([_literal], null);
        // RFC 6761 §6.3: "localhost" is loopback and no question for the DNS.
        if (options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return ([new(IPAddress.Loopback, options.Port), new(IPAddress.IPv6Loopback, options.Port)], null);

        var name = DomainName.Parse(options.Host);
        var ipv4 = resolver.ResolveAsync(new(name, RecordType.A), cancellationToken).AsTask();
        var ipv6 = resolver.ResolveAsync(new(name, RecordType.Aaaa), cancellationToken).AsTask();
        var answers = await Task.WhenAll(ipv4, ipv6);
        var endpoints = answers.SelectMany(answer => answer.Records).OfType<AddressRecord>()
            .Select(record => new IPEndPoint(record.Address, options.Port)).ToList();
        return (endpoints, endpoints.Count > 0 ? null : $"{options.Host} has no address in the DNS ({answers[0].Status}, {answers[1].Status})");
    }
}
