using System.Net;
using System.Net.Sockets;
using Gateway.Smtp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Server.Inbound;

/// <summary>Takes the connections of one listener: makes a session of each connection, and a record of each session.</summary>
/// <param name="current">What a new connection shares with others. It is asked once for each connection, which keeps what it began with.</param>
/// <param name="connections">Counts the connections of all listeners.</param>
/// <param name="ids">Makes the ids of the sessions.</param>
/// <param name="sink">Takes the records.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For bugs only: what a client did, and what became of it, is in the record.</param>
/// <param name="dying">Cancelled when a graceful stop has used up its time.</param>
public sealed class SmtpConnectionHandler(
    Func<InboundListener> current,
    ConnectionCounter connections,
    SessionIds ids,
    ISessionSink sink,
    TimeProvider time,
    ILogger logger,
    CancellationToken dying) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var listener = current();
        var place = connections.Enter(listener.Limits);
        // Not connection.ConnectionClosed: that comes as soon as the client has sent its last octet, and a client that
        // half-closes still waits for its replies.
        using var ended = new CancellationTokenSource();
        var session = new InboundSession(listener, ids.Next(), ClientOf(connection), connection.LocalEndPoint, place, time, ended.Token);
        var end = SessionEnd.Failed;
        SmtpSession? smtp = null;
        try
        {
            var stopping = StoppingOf(connection);
            ProxyHeader? header = null;
            // When all places are taken, the connection is refused whoever its client is.
            if (listener.IsProxied && place.Admission == Admission.Granted)
            {
                (header, end) = await new ProxyGate(session, time).PassAsync(connection, stopping, dying);
                if (header is null)
                    return;
            }
            session.Begin(header);
            smtp = new SmtpSession(connection.Transport, session, new InboundHandler(session, time), time) { HasUnreadInput = UnreadInputOf(connection) };
            end = await smtp.RunAsync(stopping, dying);
        }
        catch (OperationCanceledException) when (dying.IsCancellationRequested)
        {
            end = SessionEnd.Stopping;
        }
        catch (Exception error)
        {
            // The client got 421 and keeps its message; the bug is ours. So is a cancellation that nobody asked for.
            end = SessionEnd.Failed;
            InboundLog.SessionFailed(logger, session.Id!, error);
        }
        finally
        {
            // Closed in good manners, the socket would stay open until the client has read all, and that may be never.
            if (smtp is { HasStoppedReading: true })
                connection.Abort();
            place.Dispose();
            var record = session.Record(end);
            await ended.CancelAsync();
            sink.Ended(record);
        }
    }

    // A dual-mode socket shows IPv4 clients as ::ffff:a.b.c.d. A link-local address has the interface's number (%3), which no reply and no
    // trace field may show (RFC 4007 §11.2). The session sees one form only.
    private static IPEndPoint ClientOf(ConnectionContext connection) => connection.RemoteEndPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => new(mapped.Address.MapToIPv4(), mapped.Port),
        IPEndPoint { Address.IsIPv6LinkLocal: true } scoped => new(new IPAddress(scoped.Address.GetAddressBytes()), scoped.Port),
        IPEndPoint endpoint => endpoint,
        _ => new(IPAddress.None, 0),
    };

    // Octets that a client sends at once come into the pipe a buffer at a time. The rest waits in the system, and was sent just as early.
    private static Func<bool>? UnreadInputOf(ConnectionContext connection) =>
        connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? () => HasUnread(socket) : null;

    private static bool HasUnread(Socket socket)
    {
        try
        {
            return socket.Available > 0;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The connection is gone, and the next read will find that out.
            return false;
        }
    }

    private static CancellationToken StoppingOf(ConnectionContext connection) =>
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
}
