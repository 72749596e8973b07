using System.Net;
using Gateway.Smtp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Inbound;

/// <summary>One listener's door: makes a session of each connection, and a record of each session.</summary>
/// <param name="listener">What all its connections share.</param>
/// <param name="connections">Counts them, together with those of the other listeners.</param>
/// <param name="ids">Names the sessions.</param>
/// <param name="sink">Takes the records.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For bugs only: what a client does is in the record.</param>
/// <param name="dying">Cancelled when a graceful stop has used up its time.</param>
public sealed class SmtpConnectionHandler(
    InboundListener listener,
    ConnectionCounter connections,
    SessionIds ids,
    ISessionSink sink,
    TimeProvider time,
    ILogger logger,
    CancellationToken dying) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var client = ClientOf(connection);
        var record = new SessionRecord(ids.Next(), time.GetUtcNow(), client, connection.LocalEndPoint, listener.Engine.Profile.Name);
        var started = time.GetTimestamp();
        var admission = connections.Enter(client.Address);
        try
        {
            var handler = new InboundHandler(listener, record, admission, time, connection.ConnectionClosed);
            var session = new SmtpSession(connection.Transport, handler, listener.Smtp, time);
            handler.Serves(session);
            record.End = await session.RunAsync(StoppingOf(connection), dying);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The client got 421 and keeps its message; the bug is ours.
            record.End = SessionEnd.Failed;
            InboundLog.SessionFailed(logger, record.Id, error);
        }
        catch (OperationCanceledException)
        {
            record.End = SessionEnd.Stopping;
        }
        finally
        {
            connections.Leave(client.Address);
            record.Elapsed = time.GetElapsedTime(started);
            sink.Ended(record);
        }
    }

    // A dual-mode socket shows IPv4 clients as ::ffff:a.b.c.d; everything behind this line sees one form only.
    private static IPEndPoint ClientOf(ConnectionContext connection)
    {
        var endpoint = connection.RemoteEndPoint as IPEndPoint ?? new(IPAddress.None, 0);
        return endpoint.Address.IsIPv4MappedToIPv6 ? new(endpoint.Address.MapToIPv4(), endpoint.Port) : endpoint;
    }

    private static CancellationToken StoppingOf(ConnectionContext connection) =>
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
}
