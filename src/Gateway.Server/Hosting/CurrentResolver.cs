using Gateway.Dns;

namespace Gateway.Server.Hosting;

/// <summary>
/// Asks by the configuration in force. For smart hosts, which outlive configurations: other DNS servers are no reason to close connections.
/// </summary>
internal sealed class CurrentResolver(Func<GatewaySnapshot> current) : IDnsResolver
{
    public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) =>
        current().Resolver.ResolveAsync(question, cancellationToken);
}
