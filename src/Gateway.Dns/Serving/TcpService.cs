using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Dns;

/// <summary>DNS by TCP (RFC 7766): so many connections at once, each answered in order and closed when it is silent.</summary>
internal sealed class TcpService(Socket listener, AnswerQuery answer, TimeProvider clock, TimeSpan idleLimit) : IDisposable
{
    private const int MaxConnections = 256;
    private const int MaxQuery = 4096;
    private const int PrefixLength = 2;

    private static readonly TimeSpan AfterFailedAccept = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _free = new(MaxConnections);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // When all are in use the next client waits in the system's queue.
                await _free.WaitAsync(stop);
                _ = ServeAsync(await AcceptAsync(stop), stop);
            }
        }
        catch (OperationCanceledException)
        {
            for (var i = 0; i < MaxConnections; i++)
                await _free.WaitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        _free.Dispose();
    }

    private async Task<Socket> AcceptAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                try
                {
                    return await listener.AcceptAsync(stop);
                }
                catch (SocketException)
                {
                    // That client gave up between knocking and entering; or there are no descriptors, which takes a moment.
                    await Task.Delay(AfterFailedAccept, clock, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            _free.Release();
            throw;
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken stop)
    {
        using var idle = new CancellationTokenSource(idleLimit, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, idle.Token);
        var query = ArrayPool<byte>.Shared.Rent(MaxQuery);
        try
        {
            connection.NoDelay = true;
            while (await ReadAsync(connection, query, end.Token) is { } length)
            {
                await AnswerAsync(connection, query.AsMemory(0, length), idle, end.Token);
                idle.CancelAfter(idleLimit);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // Silent for too long, gone, or the server stops: the connection just ends.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(query);
            connection.Dispose();
            _free.Release();
        }
    }

    // RFC 1035 §4.2.2: two octets of length before each message. No query of ours is as long as it could be.
    private static async ValueTask<int?> ReadAsync(Socket connection, byte[] query, CancellationToken end)
    {
        if (!await FillAsync(connection, query.AsMemory(0, PrefixLength), end))
            return null;
        int length = BinaryPrimitives.ReadUInt16BigEndian(query);
        return length <= MaxQuery && await FillAsync(connection, query.AsMemory(0, length), end) ? length : null;
    }

    private static async ValueTask<bool> FillAsync(Socket connection, Memory<byte> destination, CancellationToken end)
    {
        while (!destination.IsEmpty)
        {
            var count = await connection.ReceiveAsync(destination, end);
            if (count == 0)
                return false;
            destination = destination[count..];
        }
        return true;
    }

    private async ValueTask AnswerAsync(
        Socket connection, ReadOnlyMemory<byte> query, CancellationTokenSource idle, CancellationToken end)
    {
        var response = ArrayPool<byte>.Shared.Rent(PrefixLength + ushort.MaxValue);
        try
        {
            var room = response.AsMemory(PrefixLength, ushort.MaxValue);
            var reply = answer(query.Span, isDatagram: false, room.Span, () => (IPEndPoint)connection.RemoteEndPoint!);
            if (reply.Length == 0)
                return;
            BinaryPrimitives.WriteUInt16BigEndian(response, (ushort)reply.Length);
            if (reply.Delay > TimeSpan.Zero)
            {
                // The silence is ours, not the client's.
                idle.CancelAfter(Timeout.InfiniteTimeSpan);
                await Task.Delay(reply.Delay, clock, end);
                idle.CancelAfter(idleLimit);
            }
            for (var rest = response.AsMemory(0, PrefixLength + reply.Length); !rest.IsEmpty;)
                rest = rest[await connection.SendAsync(rest, end)..];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(response);
        }
    }
}
