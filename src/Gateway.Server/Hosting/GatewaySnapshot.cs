using System.Net;
using Gateway.Dns;
using Gateway.Server.Configuration;
using Gateway.Server.Delivery;
using Gateway.Server.Inbound;
using Gateway.Server.Web;

namespace Gateway.Server.Hosting;

/// <summary>
/// All that one configuration makes. Immutable, built whole and swapped whole: a session keeps the one that it began with. What lasts longer
/// (caches, connections, circuit breakers, counts) belongs to what it serves, and goes on from one snapshot to the next where that is the same.
/// </summary>
internal sealed class GatewaySnapshot
{
    private readonly InboundParts _parts;
    private readonly IReadOnlyList<ListenerOptions> _listeners;

    /// <param name="options">Read and checked.</param>
    /// <param name="smartHostNames">Looks up the smart hosts' names, by whatever snapshot is in force.</param>
    /// <param name="loggers">Asked for loggers when there is something to tell: at the start, the log comes later.</param>
    /// <param name="time">The clock.</param>
    /// <param name="before">The one in force until now; null at the start.</param>
    /// <exception cref="ConfigurationException">The certificate is not what it was when the configuration was checked.</exception>
    /// <exception cref="IOException">The users file or a file of authorities is not.</exception>
    public GatewaySnapshot(GatewayOptions options, IDnsResolver smartHostNames, Func<ILoggerFactory> loggers, TimeProvider time, GatewaySnapshot? before)
    {
        Options = options;
        DnsServers = options.Dns.Servers.Count > 0 ? options.Dns.Servers : SystemServers.Read();
        (Resolver, ResolverOutages) = before is not null && before.Options.Dns.Deadline == options.Dns.Deadline && before.DnsServers.SequenceEqual(DnsServers)
            ? (before.Resolver, before.ResolverOutages)
            : MakeResolver(loggers, time);
        Certificate = OwnCertificate.Load(options.Tls, before?.Certificate);
        _parts = new(options, Resolver, Certificate, time, before?._parts, () => loggers().CreateLogger("Gateway.Policy"));
        _listeners = before is null ? options.Listeners : Matched(before._listeners, options.Listeners);
        // The last part that can fail, because it has to be closed: where a relay cannot be made, it has closed what it made.
        Relay = new(options, smartHostNames, time, () => loggers().CreateLogger("Gateway.Relay"), before?.Relay);
        Listeners = [.. _listeners.Select(listener => _parts.Listener(listener, Relay))];
    }

    public GatewayOptions Options { get; }

    public CachingResolver Resolver { get; }

    /// <summary>Knows whether the servers behind <see cref="Resolver"/> answer.</summary>
    public ResolverOutages ResolverOutages { get; }

    public OwnCertificate? Certificate { get; }

    public SmartHostRelay Relay { get; }

    /// <summary>In the order of the endpoints that were bound at the start.</summary>
    public IReadOnlyList<InboundListener> Listeners { get; }

    /// <summary>The servers that are asked for names.</summary>
    public IReadOnlyList<IPEndPoint> DnsServers { get; }

    /// <summary>Hears of a users file that was changed.</summary>
    public void LogTo(ILogger users) => _parts.LogTo(users);

    private (CachingResolver, ResolverOutages) MakeResolver(Func<ILoggerFactory> loggers, TimeProvider time)
    {
        var stub = new StubResolver(new() { Servers = DnsServers, Deadline = Options.Dns.Deadline }, time);
        var outages = new ResolverOutages(stub, DomainName.Parse(Options.HostName), string.Join(", ", DnsServers), () => loggers().CreateLogger("Gateway.Dns"), time);
        return (new(outages, new(), time), outages);
    }

    /// <summary>Ends what the next one does not go on with. Sessions that began with this one still have all of it.</summary>
    public void RetireFor(GatewaySnapshot next)
    {
        if (next.ResolverOutages != ResolverOutages)
            ResolverOutages.Retire();
        // QUIT never throws and takes seconds at most; nobody waits for it.
        _ = Relay.CloseUnlessUsedByAsync(next.Relay);
    }

    /// <summary>What has to answer so that mail flows.</summary>
    public IReadOnlyList<Dependency> Dependencies => [new("dns", ResolverOutages.CheckAsync), .. Relay.SmartHosts.Select(static host => new Dependency($"smart host {host.Options}", host.CheckAsync))];

    /// <summary>What is said now of each endpoint; one of which nothing is said any more listens as before until the restart.</summary>
    private static List<ListenerOptions> Matched(IReadOnlyList<ListenerOptions> bound, IReadOnlyList<ListenerOptions> wanted)
    {
        var left = wanted.ToList();
        return [.. bound.Select(listener =>
        {
            var same = left.Find(candidate => candidate.Endpoint.Equals(listener.Endpoint));
            if (same is not null)
                left.Remove(same);
            return same ?? listener;
        })];
    }
}
