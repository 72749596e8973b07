using System.Collections.Concurrent;
using System.Net;
using Gateway.Configuration;

namespace Gateway.Inbound;

/// <summary>
/// Counts connections, all together and for each client, so that no client can take what the others need. Shared by all
/// listeners; safe for concurrent use. An IPv6 client is its /64, for that is what one customer gets (RFC 6177 §2).
/// </summary>
public sealed class ConnectionCounter(LimitOptions limits)
{
    private readonly ConcurrentDictionary<UInt128, int> _perClient = new();
    private int _open;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection. Whatever the answer, <see cref="Leave"/> must follow.</summary>
    public Admission Enter(IPAddress client)
    {
        var open = Interlocked.Increment(ref _open);
        var mine = _perClient.AddOrUpdate(KeyOf(client), 1, static (_, count) => count + 1);
        return open > limits.Connections ? Admission.TooManyInAll
            : mine > limits.ConnectionsPerClient ? Admission.TooManyFromClient
            : Admission.Granted;
    }

    public void Leave(IPAddress client)
    {
        Interlocked.Decrement(ref _open);
        var key = KeyOf(client);
        while (_perClient.TryGetValue(key, out var count))
        {
            var done = count > 1
                ? _perClient.TryUpdate(key, count - 1, count)
                : _perClient.TryRemove(KeyValuePair.Create(key, count));
            if (done)
                return;
        }
    }

    private static UInt128 KeyOf(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var written);
        if (written == 16)
            octets[8..].Clear();
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(octets) ^ (UInt128)written;
    }
}

/// <summary>Whether there is room for one more connection.</summary>
public enum Admission
{
    Granted,
    TooManyInAll,
    TooManyFromClient,
}
