using System.Collections.Concurrent;
using System.Net;
using Gateway.Configuration;
using Gateway.Users;

namespace Gateway.Inbound;

/// <summary>
/// Counts connections, all together and for each client, so that no client can take what the others need. Shared by all
/// listeners; safe for concurrent use.
/// </summary>
public sealed class ConnectionCounter(LimitOptions limits)
{
    private readonly ConcurrentDictionary<ClientKey, int> _perClient = new();
    private int _open;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection until its place is disposed.</summary>
    public ConnectionPlace Enter() => new(this, isOneTooMany: Interlocked.Increment(ref _open) > limits.Connections);

    internal void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>Counts a client's connection; false: it has too many.</summary>
    internal bool Add(IPAddress client) =>
        _perClient.AddOrUpdate(ClientKey.Of(client), 1, static (_, count) => count + 1) <= limits.ConnectionsPerClient;

    internal void Remove(IPAddress client)
    {
        var key = ClientKey.Of(client);
        while (_perClient.TryGetValue(key, out var count))
        {
            var done = count > 1
                ? _perClient.TryUpdate(key, count - 1, count)
                : _perClient.TryRemove(KeyValuePair.Create(key, count));
            if (done)
                return;
        }
    }
}
