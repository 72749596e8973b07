using Gateway.Smtp;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Server.Inbound;

/// <summary>
/// What comes before the session on a listener for proxies: only who is trusted comes in, and only with a PROXY header, which says who the
/// client is. Nothing is guessed from what a connection begins with (haproxy's doc/proxy-protocol.txt §2 forbids it).
/// </summary>
internal sealed class ProxyGate(InboundListener listener, TimeProvider time)
{
    // The specification wants three seconds at the least, for a lost packet; the header is the first thing that a proxy sends.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // For a peer that does not take our last words.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Null when the session may begin, else how it has ended. What stands behind the header stays in the pipe.</summary>
    public async ValueTask<SessionEnd?> PassAsync(ConnectionContext connection, SessionRecord record, CancellationToken stopping, CancellationToken dying)
    {
        var started = time.GetTimestamp();
        var peer = record.Peer;
        var end = SessionEnd.Closed;
        ProxyHeader? header = null;
        if (listener.Trusts(peer.Address))
            (end, header) = await ReadAsync(connection, stopping, dying);
        // A health check by version 1 names the proxy itself, in so many words.
        if (header?.Source is { } source && !source.Equals(peer))
            record.Claimed("PROXY", source, header.Destination ?? record.Listener);
        if (header is not null)
            return null;
        record.ProxyRefusal = Refusal(end);
        if (end == SessionEnd.Dropped)
            return end;
        var reply = new Reply(421, null, $"{listener.HostName} {Words(end, peer.Address.ToString())}; id={record.Id}");
        record.Refused(Verb.Unknown, reply, time.GetElapsedTime(started));
        await SayAsync(connection, reply);
        return end;
    }

    private async ValueTask<(SessionEnd End, ProxyHeader? Header)> ReadAsync(
        ConnectionContext connection, CancellationToken stopping, CancellationToken dying)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping, dying);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(over.Token);
                var octets = read.Buffer;
                var status = ProxyHeader.TryRead(ref octets, out var header);
                if (status == ProxyHeaderStatus.Incomplete && !read.IsCompleted)
                {
                    input.AdvanceTo(octets.Start, octets.End);
                    continue;
                }
                input.AdvanceTo(octets.Start);
                return (status == ProxyHeaderStatus.Invalid ? SessionEnd.ProtocolViolation : SessionEnd.Dropped, header);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return (stopping.IsCancellationRequested || dying.IsCancellationRequested ? SessionEnd.Stopping : SessionEnd.TimedOut, null);
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException)
        {
            return (SessionEnd.Dropped, null);
        }
    }

    // A stop turns nobody away for what came from the peer: the session's end says it all.
    private static ProxyRefusal? Refusal(SessionEnd end) => end switch
    {
        SessionEnd.Closed => ProxyRefusal.Untrusted,
        SessionEnd.TimedOut => ProxyRefusal.TimedOut,
        SessionEnd.ProtocolViolation => ProxyRefusal.Malformed,
        SessionEnd.Stopping => null,
        _ => ProxyRefusal.Incomplete,
    };

    private static string Words(SessionEnd end, string peer) => end switch
    {
        SessionEnd.Closed => $"This port is for trusted proxies, and [{peer}] is none",
        SessionEnd.TimedOut => "The PROXY header did not come in time",
        SessionEnd.Stopping => "The server is stopping, try again later",
        _ => "A PROXY header must come first, and what came is none",
    };

    private async ValueTask SayAsync(ConnectionContext connection, Reply reply)
    {
        using var grace = new CancellationTokenSource(Grace, time);
        try
        {
            await connection.Transport.Output.WriteAsync(reply.Wire, grace.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            connection.Abort(new ConnectionAbortedException("the peer did not take the refusal", error));
        }
    }
}
