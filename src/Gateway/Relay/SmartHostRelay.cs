using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Inbound;
using Gateway.Smtp;

namespace Gateway.Relay;

/// <summary>Inline delivery: the client waits while its message is handed to the smart host that serves the recipients' domain.</summary>
public sealed class SmartHostRelay : IRelay, IAsyncDisposable
{
    private readonly List<SmartHost> _hosts;

    public SmartHostRelay(GatewayOptions options, IDnsResolver resolver, TimeProvider time) =>
        _hosts = [.. options.SmartHosts.Select(host => new SmartHost(host, options.Delivery, options.HostName, resolver, time))];

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
