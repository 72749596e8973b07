using Gateway.Dns;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Delivery;

/// <summary>
/// Inline delivery: the client waits while its message goes to the smart host that serves the recipients' domain. Each configuration has its
/// own relay, and takes over the connections to a server, and what is known of it, from the one before.
/// </summary>
public sealed class SmartHostRelay : IRelay, IAsyncDisposable
{
    private readonly List<SmartHost> _hosts;

    /// <param name="options">The smart hosts and the limits of a delivery.</param>
    /// <param name="resolver">Looks up the names of the smart hosts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Called when there is a line for the log; null logs nothing.</param>
    /// <param name="before">The relay of the configuration before this one; <see cref="CloseUnlessUsedByAsync"/> closes what is not taken over.</param>
    /// <exception cref="IOException">A file of authorities (<c>CaFile</c>) cannot be used. Nothing that was made is left open.</exception>
    public SmartHostRelay(GatewayOptions options, IDnsResolver resolver, TimeProvider time, Func<ILogger>? logger = null, SmartHostRelay? before = null)
    {
        logger ??= static () => NullLogger.Instance;
        var known = before is null ? [] : new List<SmartHost>(before._hosts);
        _hosts = [];
        try
        {
            foreach (var (place, host) in options.SmartHosts.Index())
            {
                var same = Take(known, host, options.HostName);
                _hosts.Add(new(host, options.Delivery, options.HostName, resolver, time, new(host, place, logger, time, same?.Episodes), same));
            }
        }
        catch
        {
            // The pools that were made have timers and no connections yet: closing them waits for nothing.
            _ = before is null ? DisposeAsync().AsTask() : CloseUnlessUsedByAsync(before);
            throw;
        }
    }

    /// <summary>Who served the same server: if there are several, the one whose connections are good here, too.</summary>
    private static SmartHost? Take(List<SmartHost> known, SmartHostOptions options, string heloName)
    {
        var same = known.FindAll(host => host.Options.IsSameServer(options));
        var taken = same.Find(host => host.ConnectsLike(options, heloName)) ?? same.FirstOrDefault();
        if (taken is not null)
            known.Remove(taken);
        return taken;
    }

    internal IReadOnlyList<SmartHost> SmartHosts => _hosts;

    public INextHop? NextHopOf(ForwardPath recipient)
    {
        // The bare postmaster of RFC 5321 §4.5.1 has no domain, so its mail goes to the first smart host.
        if (recipient.IsBarePostmaster)
            return _hosts[0];
        foreach (var host in _hosts)
            foreach (var pattern in host.Options.Domains)
                if (DomainPattern.Matches(pattern, recipient.Mailbox.Domain))
                    return host;
        return null;
    }

    /// <summary>
    /// Closes the connections that the next one does not use. Sessions that began here still deliver here, each message on a connection
    /// of its own.
    /// </summary>
    public async Task CloseUnlessUsedByAsync(SmartHostRelay next)
    {
        foreach (var host in _hosts.Where(host => !next._hosts.Exists(host.SharesConnectionsWith)))
            await host.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
    }
}
