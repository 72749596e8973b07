using System.Net;
using System.Net.Sockets;
using Gateway.Smtp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Server.Inbound;

/// <summary>One listener's door: makes a session of each connection, and a record of each session.</summary>
/// <param name="current">What a connection that comes now shares with others; asked once for each, so that it ends as it began.</param>
/// <param name="connections">Counts them, together with those of the other listeners.</param>
/// <param name="ids">Names the sessions.</param>
/// <param name="sink">Takes the records.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For bugs: what a client does, and what it met with, is in the record.</param>
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
        var client = ClientOf(connection);
        var record = new SessionRecord(ids.Next(), time.GetUtcNow(), client, connection.LocalEndPoint, listener.Engine.Profile.Name);
        var started = time.GetTimestamp();
        var place = connections.Enter(listener.Limits);
        // Not connection.ConnectionClosed: that comes as soon as the client has sent its last octet, and a client that
        // half-closes still waits for its replies.
        using var ended = new CancellationTokenSource();
        InboundHandler? handler = null;
        SmtpSession? session = null;
        try
        {
            var stopping = StoppingOf(connection);
            // When all places are taken, it need not be known whose the connection is.
            if (listener.IsProxied && place.Admission == Admission.Granted
                && await new ProxyGate(listener, time).PassAsync(connection, record, stopping, dying) is { } end)
            {
                record.End = end;
                return;
            }
            place.CountFor(listener.Trusts(record.Client.Address) ? null : record.Client.Address);
            handler = new InboundHandler(listener, record, new SessionClient(listener, record, place, ended.Token), time);
            session = new SmtpSession(connection.Transport, handler, listener.Smtp, time) { HasUnreadInput = UnreadInputOf(connection) };
            handler.Serves(session);
            record.End = await session.RunAsync(stopping, dying);
            record.StorageFailure = session.StorageFailure?.Message;
        }
        catch (OperationCanceledException) when (dying.IsCancellationRequested)
        {
            record.End = SessionEnd.Stopping;
        }
        catch (Exception error)
        {
            // The client got 421 and keeps its message; the bug is ours. So is a cancellation that nobody asked for.
            record.End = SessionEnd.Failed;
            InboundLog.SessionFailed(logger, record.Id, error);
        }
        finally
        {
            // Closed in good manners, the socket would stay open until the client has read all, and that may be never.
            if (session is { IsDeaf: true })
                connection.Abort();
            place.Dispose();
            handler?.Closed();
            await ended.CancelAsync();
            record.Elapsed = time.GetElapsedTime(started);
            sink.Ended(record);
        }
    }

    // A dual-mode socket shows IPv4 clients as ::ffff:a.b.c.d, and link-local ones have the interface's number (%3), which
    // no reply and no trace field may show (RFC 4007 §11.2); everything behind this line sees one form only.
    private static IPEndPoint ClientOf(ConnectionContext connection) => connection.RemoteEndPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => new(mapped.Address.MapToIPv4(), mapped.Port),
        IPEndPoint { Address.IsIPv6LinkLocal: true } scoped => new(new IPAddress(scoped.Address.GetAddressBytes()), scoped.Port),
        IPEndPoint endpoint => endpoint,
        _ => new(IPAddress.None, 0),
    };

    // What a client sends at once comes into the pipe a buffer at a time; the rest waits in the system, and was sent just as early.
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
            // The connection is gone, as whoever reads next will find.
            return false;
        }
    }

    private static CancellationToken StoppingOf(ConnectionContext connection) =>
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
}
