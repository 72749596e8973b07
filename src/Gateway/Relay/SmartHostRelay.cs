using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Inbound;
using Gateway.Smtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Relay;

/// <summary>Inline delivery: the client waits while its message is handed to the smart host that serves the recipients' domain.</summary>
public sealed class SmartHostRelay : IRelay, IAsyncDisposable
{
    private readonly List<SmartHost> _hosts;

    /// <param name="options">The smart hosts and what they share.</param>
    /// <param name="resolver">For their names.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Asked for when there is something to tell the operator; null tells nobody.</param>
    public SmartHostRelay(GatewayOptions options, IDnsResolver resolver, TimeProvider time, Func<ILogger>? logger = null)
    {
        logger ??= static () => NullLogger.Instance;
        _hosts = [.. options.SmartHosts.Select((host, place) =>
            new SmartHost(host, options.Delivery, options.HostName, resolver, time, new(host, place, logger)))];
    }

    public INextHop? NextHopOf(ForwardPath recipient)
    {
        // The bare postmaster of RFC 5321 §4.5.1 has no domain: the first smart host is as good as any.
        if (recipient.IsBarePostmaster)
            return _hosts[0];
        foreach (var host in _hosts)
            foreach (var pattern in host.Options.Domains)
                if (DomainPattern.Matches(pattern, recipient.Mailbox.Domain))
                    return host;
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
    }
}
