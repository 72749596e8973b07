using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Dns.Tests;

/// <summary>What a scripted server sends: nothing or any datagrams; by TCP one message, at once or octet by octet.</summary>
internal sealed record Script(params byte[][] Messages)
{
    public static readonly Script Silence = new();

    public bool Drips { get; init; }

    public bool Closes { get; init; }
}

/// <summary>A name server on loopback that does what a test says, by UDP and by TCP on the same port.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Func<DnsMessage, bool, Script> _answer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly Task _work;
    private int _queries;

    public ScriptedServer(Func<DnsMessage, bool, Script> answer)
    {
        _answer = answer;
        (_udp, _tcp) = Bind();
        EndPoint = (IPEndPoint)_udp.LocalEndPoint!;
        _work = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public ScriptedServer(Func<DnsMessage, DnsMessage> answer)
        : this((query, _) => new(Write(answer(query))))
    {
    }

    public IPEndPoint EndPoint { get; }

    public int Queries => Volatile.Read(ref _queries);

    /// <summary>The start of every honest answer.</summary>
    public static DnsMessage Reply(DnsMessage query, params ResourceRecord[] answers) => new()
    {
        Id = query.Id,
        IsResponse = true,
        RecursionDesired = query.RecursionDesired,
        RecursionAvailable = true,
        Question = query.Question,
        Answers = answers,
    };

    public static byte[] Write(DnsMessage message)
    {
        var wire = new byte[65535];
        return wire[..DnsMessageWriter.Write(message, wire, out _)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _work;
        _stop.Dispose();
    }

    // The port that the system gives for UDP may be in use for TCP: then another one.
    private static (Socket Udp, Socket Tcp) Bind()
    {
        for (var attempt = 1; ; attempt++)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
                tcp.Listen();
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                foreach (var message in Answer(buffer.AsSpan(0, received.ReceivedBytes), isTcp: false).Messages)
                    await _udp.SendToAsync(message, SocketFlags.None, received.RemoteEndPoint, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that went away, or the end of the test.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _tcp.AcceptAsync(_stop.Token);
                var buffer = new byte[4096];
                var count = 0;
                while (count < 2 || count < 2 + BinaryPrimitives.ReadUInt16BigEndian(buffer))
                    count += await client.ReceiveAsync(buffer.AsMemory(count), _stop.Token);
                await SendAsync(client, Answer(buffer.AsSpan(2, count - 2), isTcp: true));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that went away, or the end of the test.
            }
        }
    }

    private async Task SendAsync(Socket client, Script script)
    {
        foreach (var message in script.Messages)
        {
            byte[] framed = [(byte)(message.Length >> 8), (byte)message.Length, .. message];
            if (!script.Drips)
                await client.SendAsync(script.Closes ? framed[..^1] : framed, _stop.Token);
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            for (var i = 0; script.Drips && i < framed.Length; i++)
            {
                await client.SendAsync(framed.AsMemory(i, 1), _stop.Token);
                await pace.WaitForNextTickAsync(_stop.Token);
            }
        }
    }

    private Script Answer(ReadOnlySpan<byte> wire, bool isTcp)
    {
        Interlocked.Increment(ref _queries);
        return DnsMessageReader.TryRead(wire, out var query, out _) ? _answer(query, isTcp) : Script.Silence;
    }
}
