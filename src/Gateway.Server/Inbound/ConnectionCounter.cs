using System.Collections.Concurrent;
using System.Net;
using Gateway.Server.Configuration;
using Gateway.Server.Users;

namespace Gateway.Server.Inbound;

/// <summary>
/// Counts connections, all together and for each client, so that no client can take what the others need. Shared by all
/// listeners; safe for concurrent use.
/// </summary>
public sealed class ConnectionCounter
{
    private readonly ConcurrentDictionary<ClientKey, int> _perClient = new();
    private int _open;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection until its place is disposed.</summary>
    /// <param name="limits">Those in force when it came; they hold for it until it goes.</param>
    public ConnectionPlace Enter(LimitOptions limits) =>
        new(this, limits.ConnectionsPerClient, isOneTooMany: Interlocked.Increment(ref _open) > limits.Connections);

    internal void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>Counts a client's connection.</summary>
    /// <returns>How many it has now.</returns>
    internal int Add(IPAddress client) => _perClient.AddOrUpdate(ClientKey.Of(client), 1, static (_, count) => count + 1);

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
