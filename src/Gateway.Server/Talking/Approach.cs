using System.Net;
using System.Net.Sockets;
using Gateway.Smtp;

namespace Gateway.Server.Talking;

/// <summary>Opens a connection on which a server takes this machine for another client.</summary>
/// <param name="stage">Hears each step that was taken.</param>
/// <param name="time">The clock.</param>
public sealed class Approach(Action<string> stage, TimeProvider time)
{
    public async Task<ApproachResult> OpenAsync(ApproachRequest request, CancellationToken cancellationToken)
    {
        var way = Chosen(request);
        if (way == ApproachWay.Bind && request is { Client: { } client, Server: IPEndPoint { Address: var address } } && client.AddressFamily != address.AddressFamily)
            return new ApproachResult.Failed($"no connection from {client} to {address}: the one is IPv4, the other IPv6; claim it (--via xclient, --via proxy)");
        Socket socket;
        try
        {
            socket = await ConnectAsync(request, way, cancellationToken);
        }
        catch (SocketException refused)
        {
            return new ApproachResult.Failed(way == ApproachWay.Bind
                ? $"no connection from {request.Client} to {request.Server.Shown()}: {refused.Message}"
                : $"no connection to {request.Server.Shown()}: {refused.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ApproachResult.Failed($"no connection to {request.Server.Shown()} within {request.Patience.TotalSeconds:0.###} s");
        }
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        string? agreed = null;
        try
        {
            stage($"connected to {socket.RemoteEndPoint!.Shown()} from {socket.LocalEndPoint!.Shown()}");
            if (way is ApproachWay.Proxy or ApproachWay.ProxyV1)
                await SendHeaderAsync(request, way, socket, stream, cancellationToken);
            if (request.ImplicitTls is { } tls)
            {
                (stream, agreed) = await tls.SecureAsync(stream, request.Patience, time, cancellationToken);
                stage($"TLS is up: {agreed}");
            }
            if (way == ApproachWay.Xclient)
                return await new XclientClaim(request, stage, time).MakeAsync(stream, agreed, cancellationToken);
            return new ApproachResult.Reached(stream, way, agreed);
        }
        catch (TalkException noHandshake) when (request.ImplicitTls is { } tls && agreed is null && way is not (ApproachWay.Proxy or ApproachWay.ProxyV1))
        {
            await stream.DisposeAsync();
            return new ApproachResult.Failed(tls.Verify ? noHandshake.Message : $"{noHandshake.Message}; where TLS begins with STARTTLS, say --tls");
        }
        catch (Exception trouble) when (trouble is TalkException or IOException)
        {
            await stream.DisposeAsync();
            return new ApproachResult.Failed(Hinted(trouble.Message, way));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    internal static string Hinted(string problem, ApproachWay way) => $"{problem}; {Hint(way)}";

    /// <summary>What stands behind a connection that ended, or stayed silent, before the greeting.</summary>
    internal static string Hint(ApproachWay way) => way switch
    {
        ApproachWay.Proxy or ApproachWay.ProxyV1 =>
            "does this listener demand a PROXY header (without --via none is sent), and does it trust this machine to send one?",
        _ => "a listener that demands a PROXY header waits for one (--via proxy)",
    };

    private static ApproachWay Chosen(ApproachRequest request) => request switch
    {
        { Way: not ApproachWay.Auto } => request.Way,
        { Client: null } => ApproachWay.Plain,
        // A name can be claimed, but not bound to.
        { ClientName: not null } => ApproachWay.Xclient,
        { Client: var client } => IsOfThisMachine(client) && Reaches(client, request.Server) ? ApproachWay.Bind : ApproachWay.Xclient,
    };

    // The system's own word: interfaces, all of 127.0.0.0/8 where it is loopback, and whatever else it was told.
    internal static bool IsOfThisMachine(IPAddress address)
    {
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return false;
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // An IPv6 address cannot be the source on the way to an IPv4 one, nor loopback on the way to somewhere else.
    private static bool Reaches(IPAddress client, EndPoint server) => server is not IPEndPoint { Address: var address }
        || (client.AddressFamily == address.AddressFamily && (!IPAddress.IsLoopback(client) || IPAddress.IsLoopback(address)));

    private async Task<Socket> ConnectAsync(ApproachRequest request, ApproachWay way, CancellationToken cancellationToken)
    {
        // Without a family it takes whatever addresses a name has.
        var socket = way == ApproachWay.Bind ? new Socket(request.Client!.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : request.Server is IPEndPoint ? new Socket(request.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var silence = new CancellationTokenSource(request.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            socket.NoDelay = true;
            if (way == ApproachWay.Bind)
                socket.Bind(new IPEndPoint(request.Client!, 0));
            await socket.ConnectAsync(request.Server, either.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task SendHeaderAsync(ApproachRequest request, ApproachWay way, Socket socket, Stream stream, CancellationToken cancellationToken)
    {
        var header = request.Client is { } client ? Header(client, socket) : ProxyHeader.Local;
        await stream.WriteAsync(way == ApproachWay.Proxy ? header.EncodeV2() : header.EncodeV1(), cancellationToken);
        var version = way == ApproachWay.Proxy ? "2" : "1";
        stage(header.Source is { } source
            ? $"PROXY header, version {version}: the client is {source}, the server {header.Destination}"
            : $"PROXY header, version {version}: nobody is claimed ({(way == ApproachWay.Proxy ? "LOCAL" : "UNKNOWN")})");
    }

    // The header has room for one family. An IPv4 client stays what it is, rather than an IPv6 address that maps it.
    private static ProxyHeader Header(IPAddress client, Socket socket)
    {
        var (local, server) = (socket.LocalEndPoint!.Unmapped(), socket.RemoteEndPoint!.Unmapped());
        var isOtherFamily = client.AddressFamily == AddressFamily.InterNetwork && server.AddressFamily != client.AddressFamily;
        return new(new(client, local.Port), isOtherFamily ? new(IPAddress.Any, server.Port) : server);
    }
}
