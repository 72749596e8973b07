using System.Net;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Inbound;
using Gateway.Relay;

namespace Gateway.Hosting;

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
    /// <exception cref="IOException">The users file is not.</exception>
    public GatewaySnapshot(GatewayOptions options, IDnsResolver smartHostNames, Func<ILoggerFactory> loggers, TimeProvider time, GatewaySnapshot? before)
    {
        Options = options;
        DnsServers = options.Dns.Servers.Count > 0 ? options.Dns.Servers : SystemServers.Read();
        Resolver = before is not null && before.Options.Dns.Deadline == options.Dns.Deadline && before.DnsServers.SequenceEqual(DnsServers)
            ? before.Resolver
            : new(new StubResolver(new() { Servers = DnsServers, Deadline = options.Dns.Deadline }, time), new(), time);
        Certificate = OwnCertificate.Load(options.Tls, before?.Certificate);
        _parts = new(options, Resolver, Certificate, time, before?._parts, () => loggers().CreateLogger("Gateway.Policy"));
        _listeners = before is null ? options.Listeners : Matched(before._listeners, options.Listeners);
        // Nothing can fail any more: a smart host that nobody closes would keep its connections.
        Relay = new(options, smartHostNames, time, () => loggers().CreateLogger("Gateway.Relay"), before?.Relay);
        Listeners = [.. _listeners.Select(listener => _parts.Listener(listener, Relay))];
    }

    public GatewayOptions Options { get; }

    public CachingResolver Resolver { get; }

    public OwnCertificate? Certificate { get; }

    public SmartHostRelay Relay { get; }

    /// <summary>In the order of the endpoints that were bound at the start.</summary>
    public IReadOnlyList<InboundListener> Listeners { get; }

    /// <summary>The servers that are asked for names.</summary>
    public IReadOnlyList<IPEndPoint> DnsServers { get; }

    /// <summary>Hears of a users file that was changed.</summary>
    public void LogTo(ILogger users) => _parts.LogTo(users);

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
