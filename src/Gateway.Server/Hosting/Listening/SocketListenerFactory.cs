using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Server.Hosting.Listening;

/// <summary>
/// Listens as the framework's own transport does, but for one thing: that one asks for the next connection again at once whatever went
/// wrong, and takes a whole core for as long as no file descriptor is left.
/// </summary>
internal sealed class SocketListenerFactory(ILogger<SocketListenerFactory> logger, TimeProvider time) : IConnectionListenerFactory
{
    // One for all listeners, for descriptors are the process's.
    private readonly AcceptPatience _patience = new(DescriptorHeadroom.OfProcess(), time, logger);

    private readonly SocketTransportOptions _sockets = new() { Backlog = 4096 };

    private readonly SocketConnectionFactoryOptions _connections = new()
    {
        // What a client sends ahead of us: enough for a pipelined envelope and a brisk message, and bounded.
        MaxReadBufferSize = 128 * 1024,
        // What was flushed is with the system, and not in a queue that a client which reads nothing keeps: then we know of it.
        MaxWriteBufferSize = 1,
        // Nothing here blocks, so what a socket completes may go on at once, without a queue between.
        UnsafePreferInlineScheduling = true,
    };

    /// <exception cref="AddressInUseException">The endpoint is taken.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(SocketListener.Bind(endpoint, _sockets, new SocketConnectionContextFactory(_connections, logger), _patience));
}
