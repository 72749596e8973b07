using System.Net;
using System.Net.Sockets;

namespace Gateway.Dns;

/// <summary>DNS by UDP (RFC 1035 §4.2.1): one loop answers, and what has to wait waits beside it, bounded.</summary>
internal sealed class UdpService(Socket socket, AnswerQuery answer, TimeProvider clock) : IDisposable
{
    private const int MaxQuery = 4096;
    private const int MaxLate = 1024;

    private readonly SemaphoreSlim _late = new(MaxLate);

    public async Task RunAsync(CancellationToken stop)
    {
        var query = GC.AllocateUninitializedArray<byte>(MaxQuery, pinned: true);
        var response = GC.AllocateUninitializedArray<byte>(QueryResponder.MaxDatagram, pinned: true);
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var client = any.Serialize();
        Func<IPEndPoint> clientOf = () => (IPEndPoint)any.Create(client);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(query, SocketFlags.None, client, stop);
                var reply = answer(query.AsSpan(0, length), isDatagram: true, response, clientOf);
                if (reply.Length == 0)
                    continue;
                if (reply.Delay > TimeSpan.Zero)
                    SendLater(response.AsSpan(0, reply.Length).ToArray(), (IPEndPoint)any.Create(client), reply.Delay, stop);
                else
                    await socket.SendToAsync(response.AsMemory(0, reply.Length), SocketFlags.None, client, stop);
            }
            catch (SocketException)
            {
                // Windows reports here that an earlier client is gone, or that a query was larger than any we know.
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        // Those who wait end with the token too; only then may the socket close.
        for (var i = 0; i < MaxLate; i++)
            await _late.WaitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        socket.Dispose();
        _late.Dispose();
    }

    // More than so many are dropped, as any overloaded server would.
    private void SendLater(ReadOnlyMemory<byte> response, IPEndPoint client, TimeSpan delay, CancellationToken stop)
    {
        if (_late.Wait(0, CancellationToken.None))
            _ = SendLaterAsync(response, client, delay, stop);
    }

    private async Task SendLaterAsync(ReadOnlyMemory<byte> response, IPEndPoint client, TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, clock, stop);
            await socket.SendToAsync(response, client, stop);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The server stops, or the client is gone: nobody misses this answer.
        }
        finally
        {
            _late.Release();
        }
    }
}
