using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Server.Hosting.Listening;

/// <summary>One endpoint that takes connections, until it is unbound.</summary>
internal sealed class SocketListener : IConnectionListener
{
    private readonly Socket _socket;
    private readonly SocketConnectionContextFactory _connections;
    private readonly AcceptPatience _patience;
    private readonly CancellationTokenSource _unbound = new();

    private SocketListener(Socket socket, SocketConnectionContextFactory connections, AcceptPatience patience)
    {
        (_socket, _connections, _patience) = (socket, connections, patience);
        EndPoint = socket.LocalEndPoint!;
    }

    /// <summary>With the port that the system chose where 0 was asked for.</summary>
    public EndPoint EndPoint { get; }

    public static SocketListener Bind(
        EndPoint endpoint, SocketTransportOptions options, SocketConnectionContextFactory connections, AcceptPatience patience)
    {
        Socket? socket = null;
        try
        {
            socket = options.CreateBoundListenSocket(endpoint);
            socket.Listen(options.Backlog);
            return new(socket, connections, patience);
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            throw error.SocketErrorCode == SocketError.AddressAlreadyInUse ? new AddressInUseException(error.Message, error) : error;
        }
    }

    /// <summary>Null once it is unbound.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            // Without a token: unbinding disposes the socket, which ends the wait.
            var client = await _patience.AcceptAsync(() => _socket.AcceptAsync(CancellationToken.None), EndPoint, _unbound.Token);
            if (client is null)
                return null;
            // Replies are one write each: nothing is gained by holding one back.
            client.NoDelay = true;
            return _connections.Create(client);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _connections.Dispose();
        _unbound.Dispose();
    }
}
