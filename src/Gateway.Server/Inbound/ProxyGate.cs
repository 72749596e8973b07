using Gateway.Smtp;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Server.Inbound;

/// <summary>
/// Comes before the session on a listener for proxies. Only a trusted peer may begin a session, and only with a PROXY header, which names the
/// client. Nothing is guessed from what a connection begins with (haproxy's doc/proxy-protocol.txt §2 forbids it).
/// </summary>
internal sealed class ProxyGate(InboundSession session, TimeProvider time)
{
    // The specification wants three seconds at the least, for a lost packet; the header is the first thing that a proxy sends.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // How long a peer may take to read the refusal.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>The header with which the session may begin. Without one, the peer was refused, and the session has ended like that.</summary>
    public async ValueTask<(ProxyHeader? Header, SessionEnd End)> PassAsync(ConnectionContext connection, CancellationToken stopping, CancellationToken dying)
    {
        var peer = session.Peer.Address;
        var (header, end) = session.Listener.Trusts(peer) ? await ReadAsync(connection, stopping, dying) : (null, SessionEnd.Closed);
        if (header is not null)
            return (header, end);
        session.History.ProxyRefused(Refusal(end));
        if (end == SessionEnd.Dropped)
            return (null, end);
        var reply = session.Signed(new Reply(421, null, $"{session.Listener.HostName} {Words(end, peer.ToString())}"));
        session.History.Answered(Verb.Unknown, reply, session.Elapsed);
        await SayAsync(connection, reply);
        return (null, end);
    }

    /// <summary>Octets behind the header stay in the pipe, for the session.</summary>
    private async ValueTask<(ProxyHeader? Header, SessionEnd End)> ReadAsync(
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
                return (header, status == ProxyHeaderStatus.Invalid ? SessionEnd.ProtocolViolation : SessionEnd.Dropped);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return (null, stopping.IsCancellationRequested || dying.IsCancellationRequested ? SessionEnd.Stopping : SessionEnd.TimedOut);
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException)
        {
            return (null, SessionEnd.Dropped);
        }
    }

    // A stop is no refusal of the peer, and the session's end tells of it.
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
        SessionEnd.Closed => $"This port is for trusted proxies only, and [{peer}] is not one of them",
        SessionEnd.TimedOut => "The PROXY header did not arrive in time",
        SessionEnd.Stopping => "The server is stopping, try again later",
        _ => "This port expects a PROXY header first, and the data sent is not one",
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
