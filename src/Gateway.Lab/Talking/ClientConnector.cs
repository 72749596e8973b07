using System.Net;
using System.Net.Sockets;
using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>Opens a connection on which the server sees the client that the request names.</summary>
/// <param name="stage">Told of each step.</param>
/// <param name="time">The clock.</param>
public sealed class ClientConnector(Action<string> stage, TimeProvider time)
{
    public async Task<ClientConnectResult> OpenAsync(ClientConnectRequest request, CancellationToken cancellationToken)
    {
        var way = Chosen(request);
        if (way == ConnectMethod.Bind && request is { Client: { } client, Server: IPEndPoint { Address: var address } } && client.AddressFamily != address.AddressFamily)
            return new ClientConnectResult.Failed($"cannot connect from {client} to {address}, because one is IPv4 and the other IPv6: use --via xclient or --via proxy");
        SmtpConnection connection;
        try
        {
            connection = await SmtpConnection.ConnectAsync(request.Server, way == ConnectMethod.Bind ? request.Client : null, request.Patience, time, cancellationToken);
        }
        catch (SmtpConnectionException failed) when (failed.Failure != SmtpConnectionFailure.Cancelled)
        {
            return new ClientConnectResult.Failed(WhyNotConnected(failed, request, way));
        }
        var isKept = false;
        try
        {
            await using var cancelled = connection.EndWith(cancellationToken);
            var result = await PrepareAsync(connection, request, way);
            isKept = result is ClientConnectResult.Reached;
            return result;
        }
        finally
        {
            if (!isKept)
                await connection.DisposeAsync();
        }
    }

    /// <summary>What comes before the greeting that the client hears: a PROXY header, TLS, XCLIENT.</summary>
    private async Task<ClientConnectResult> PrepareAsync(SmtpConnection connection, ClientConnectRequest request, ConnectMethod way)
    {
        try
        {
            stage($"connected to {connection.RemoteEndPoint!.Shown()} from {connection.LocalEndPoint!.Shown()}");
            if (way is ConnectMethod.Proxy or ConnectMethod.ProxyV1)
                await SendHeaderAsync(request, way, connection);
            if (request.ImplicitTls is { } tls)
            {
                await connection.SecureAsync(tls, request.Patience);
                stage($"TLS has started: {connection.Tls}");
            }
            if (way != ConnectMethod.Xclient)
                return new ClientConnectResult.Reached(connection, way);
            // What this machine says before is no part of the client's dialogue.
            return await new XclientClaim(request, stage).MakeAsync(connection, new SmtpDialogue(connection, request.Patience));
        }
        catch (SmtpConnectionException noTls) when (request.ImplicitTls is { } tls && connection.Tls is null && way is not (ConnectMethod.Proxy or ConnectMethod.ProxyV1) && noTls.Failure != SmtpConnectionFailure.Cancelled)
        {
            return new ClientConnectResult.Failed(tls.Verify ? noTls.Problem : $"{noTls.Problem}; if the server uses STARTTLS, type --tls");
        }
        catch (SmtpConnectionException lost) when (lost.Failure != SmtpConnectionFailure.Cancelled)
        {
            return new ClientConnectResult.Failed(Hinted(lost.Problem, way));
        }
    }

    private static string WhyNotConnected(SmtpConnectionException failed, ClientConnectRequest request, ConnectMethod way) => failed.Failure switch
    {
        SmtpConnectionFailure.TimedOut => $"cannot connect to {request.Server.Shown()} within {request.Patience.TotalSeconds:0.###} s",
        _ when way == ConnectMethod.Bind => $"cannot connect from {request.Client} to {request.Server.Shown()}: {failed.Problem}",
        _ => $"cannot connect to {request.Server.Shown()}: {failed.Problem}",
    };

    internal static string Hinted(string problem, ConnectMethod way) => $"{problem}; {Hint(way)}";

    /// <summary>Why a connection may have ended, or stayed silent, before the greeting.</summary>
    internal static string Hint(ConnectMethod way) => way switch
    {
        ConnectMethod.Proxy or ConnectMethod.ProxyV1 =>
            "perhaps the listener requires no PROXY header (then leave --via out), or does not trust this machine to send one",
        _ => "if the listener requires a PROXY header, type --via proxy",
    };

    private static ConnectMethod Chosen(ClientConnectRequest request) => request switch
    {
        { Method: not ConnectMethod.Auto } => request.Method,
        { Client: null } => ConnectMethod.Direct,
        // A name can be claimed, but not bound to.
        { ClientName: not null } => ConnectMethod.Xclient,
        { Client: var client } => IsOfThisMachine(client) && Reaches(client, request.Server) ? ConnectMethod.Bind : ConnectMethod.Xclient,
    };

    // Only the system knows: the interfaces, all of 127.0.0.0/8 where it is loopback, and whatever else was configured.
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

    private async Task SendHeaderAsync(ClientConnectRequest request, ConnectMethod way, SmtpConnection connection)
    {
        var header = request.Client is { } client ? Header(client, connection) : ProxyHeader.Local;
        await connection.WriteAsync(way == ConnectMethod.Proxy ? header.EncodeV2() : header.EncodeV1(), "PROXY header", request.Patience);
        var version = way == ConnectMethod.Proxy ? "2" : "1";
        stage(header.Source is { } source
            ? $"PROXY header, version {version}: the client is {source}, the server {header.Destination}"
            : $"PROXY header, version {version}: it names no client ({(way == ConnectMethod.Proxy ? "LOCAL" : "UNKNOWN")})");
    }

    // Both addresses of the header have the same family. An IPv4 client stays IPv4, and is not mapped into IPv6.
    private static ProxyHeader Header(IPAddress client, SmtpConnection connection)
    {
        var (local, server) = (connection.LocalEndPoint!.Unmapped(), connection.RemoteEndPoint!.Unmapped());
        var isOtherFamily = client.AddressFamily == AddressFamily.InterNetwork && server.AddressFamily != client.AddressFamily;
        return new(new(client, local.Port), isOtherFamily ? new(IPAddress.Any, server.Port) : server);
    }
}
