using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;

namespace Gateway.Dns;

/// <summary>One question to one server: by UDP, and by TCP when the answer is too long for it.</summary>
internal sealed class ServerExchange(StubResolverOptions options, TimeProvider time, Func<ushort> nextId)
{
    // More than is asked for: a server that sends more anyway is still understood.
    private const int DatagramBuffer = 4096;

    // Whoever sends this many wrong answers is guessing: the next query has another port and another id (RFC 5452 §9.3).
    private const int MaxForeign = 64;

    /// <exception cref="OperationCanceledException">Only the caller's own cancellation.</exception>
    public async ValueTask<ServerReply> AskAsync(
        NameServer server, DnsQuestion question, TimeSpan patience, Deadline deadline, CancellationToken cancellationToken)
    {
        var withEdns = server.UnderstandsEdns;
        var reply = await AskAsync(server, Query(question, withEdns), patience, deadline, cancellationToken);
        // RFC 6891 §7: a server from before EDNS answers FORMERR or NOTIMP; it is asked again in its own language.
        if (!withEdns || deadline.IsSpent
            || reply.Message?.ResponseCode is not (ResponseCode.FormatError or ResponseCode.NotImplemented or ResponseCode.BadVersion))
            return reply;
        reply = await AskAsync(server, Query(question, withEdns: false), patience, deadline, cancellationToken);
        if (reply.Message?.ResponseCode is ResponseCode.NoError or ResponseCode.NameError)
            server.RefusedEdns();
        return reply;
    }

    private async ValueTask<ServerReply> AskAsync(
        NameServer server, DnsMessage query, TimeSpan patience, Deadline deadline, CancellationToken cancellationToken)
    {
        var reply = await WithinAsync(AskByUdpAsync, server, query, patience, deadline, cancellationToken);
        if (reply.Message is not { IsTruncated: true } || deadline.IsSpent)
            return reply;
        return await WithinAsync(AskByTcpAsync, server, query, patience, deadline, cancellationToken);
    }

    // AD asks for the resolver's own judgement without the records that prove it (RFC 6840 §5.7).
    private DnsMessage Query(DnsQuestion question, bool withEdns) => new()
    {
        Id = nextId(),
        Question = question,
        RecursionDesired = true,
        IsAuthenticated = true,
        EdnsPayloadSize = withEdns ? options.EdnsPayloadSize : null,
    };

    private delegate Task<ServerReply> Transport(NameServer server, DnsMessage query, CancellationToken cancellationToken);

    /// <summary>Here, and only here, what sockets throw becomes a value.</summary>
    private async ValueTask<ServerReply> WithinAsync(
        Transport transport, NameServer server, DnsMessage query, TimeSpan patience, Deadline deadline, CancellationToken caller)
    {
        var remaining = deadline.Remaining;
        var limit = remaining < patience ? remaining : patience;
        if (limit <= TimeSpan.Zero)
            return ServerReply.Silence($"{server.Text} was not asked, because the time had run out");
        using var timer = new CancellationTokenSource(limit, time);
        using var link = caller.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), timer);
        try
        {
            return await transport(server, query, timer.Token);
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller);
        }
        catch (OperationCanceledException)
        {
            return ServerReply.Silence($"{server.Text} did not answer within {limit.TotalSeconds:0.##} s");
        }
        catch (SocketException e)
        {
            var what = e.SocketErrorCode == SocketError.ConnectionRefused ? "refused the connection" : $"could not be reached ({e.SocketErrorCode})";
            return ServerReply.Failed(DnsStatus.TimedOut, $"DNS server {server.Text} {what}");
        }
#pragma warning disable CA1031 // Whatever else a socket throws is trouble of the resolver's, which may only ever be temporary.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ServerReply.Failed(DnsStatus.ServerFailure, $"{server.Text} could not be asked ({e.GetType().Name})");
        }
    }

    // A socket of its own for every query: the system picks an unpredictable port (RFC 5452 §9.2), and as the socket is
    // connected drops what others send, and reports an unreachable port at once.
    private static async Task<ServerReply> AskByUdpAsync(NameServer server, DnsMessage query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        var buffer = ArrayPool<byte>.Shared.Rent(DatagramBuffer);
        try
        {
            await socket.ConnectAsync(server.EndPoint, cancellationToken);
            var length = DnsMessageWriter.Write(query, buffer, out _);
            await socket.SendAsync(buffer.AsMemory(0, length), cancellationToken);
            for (var foreign = 0; foreign < MaxForeign; foreign++)
            {
                length = await socket.ReceiveAsync(buffer.AsMemory(0, DatagramBuffer), cancellationToken);
                var result = ReplyCheck.Check(buffer.AsSpan(0, length), query, out var message, out var error);
                if (result != ReplyCheck.Result.Foreign)
                    return Reply(server, message, error);
            }
            return ServerReply.Failed(DnsStatus.Malformed, $"{server.Text} sent {MaxForeign} answers to other questions");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // RFC 7766 §8: two octets of length before each message, sent together with it.
    private static async Task<ServerReply> AskByTcpAsync(NameServer server, DnsMessage query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var buffer = ArrayPool<byte>.Shared.Rent(DnsMessageWriter.MinDestination + 2);
        try
        {
            await socket.ConnectAsync(server.EndPoint, cancellationToken);
            var length = DnsMessageWriter.Write(query, buffer.AsSpan(2), out _);
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
            await socket.SendAsync(buffer.AsMemory(0, length + 2), cancellationToken);
            if (!await FillAsync(socket, buffer.AsMemory(0, 2), cancellationToken))
                return ServerReply.Failed(DnsStatus.Malformed, $"{server.Text} closed the TCP connection without an answer");
            length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            if (length > buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = [];
                buffer = ArrayPool<byte>.Shared.Rent(length);
            }
            if (!await FillAsync(socket, buffer.AsMemory(0, length), cancellationToken))
                return ServerReply.Failed(DnsStatus.Malformed, $"{server.Text} closed the TCP connection within its answer");
            return ReplyCheck.Check(buffer.AsSpan(0, length), query, out var message, out var error) switch
            {
                ReplyCheck.Result.Foreign => ServerReply.Failed(DnsStatus.Malformed, $"{server.Text} answered another question over TCP"),
                _ when message is { IsTruncated: true } => ServerReply.Failed(DnsStatus.Malformed, $"{server.Text} sent a truncated answer over TCP"),
                _ => Reply(server, message, error),
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ServerReply Reply(NameServer server, DnsMessage? message, string? error) => message is not null
        ? ServerReply.Answer(message)
        : ServerReply.Failed(DnsStatus.Malformed, $"{server.Text} sent a malformed answer: {error}");

    private static async ValueTask<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var count = await socket.ReceiveAsync(buffer, cancellationToken);
            if (count == 0)
                return false;
            buffer = buffer[count..];
        }
        return true;
    }
}
