using System.Net;
using System.Net.Sockets;

namespace Gateway.Dns;

/// <summary>
/// Serves zones by UDP and TCP on one port, and misbehaves where it is told to. It knows no recursion. Zones and faults may
/// change while it runs; each query sees one state of them.
/// </summary>
public sealed class AuthoritativeServer(IPEndPoint endPoint, ZoneSet zones, FaultTable faults, TimeProvider clock) : IAsyncDisposable
{
    private const int MaxBindAttempts = 32;

    private readonly CancellationTokenSource _stop = new();
    private volatile ZoneSet _zones = zones;
    private UdpService? _udp;
    private TcpService? _tcp;
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Where it serves; the port is known after <see cref="StartAsync"/>.</summary>
    public IPEndPoint EndPoint { get; private set; } = endPoint;

    public ZoneSet Zones
    {
        get => _zones;
        set => _zones = value;
    }

    public FaultTable Faults => faults;

    /// <summary>Sees each question with client, response code (SERVFAIL for a dropped one) and fault. It must be quick.</summary>
    public Action<DnsQuestion, IPEndPoint, ResponseCode, Fault?>? Observer { get; init; }

    /// <summary>How long a TCP connection may be silent (RFC 7766 §6.2.3).</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="SocketException">The address or the port is not to be had.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (datagrams, connections) = Bind(EndPoint);
        EndPoint = (IPEndPoint)connections.LocalEndPoint!;
        _udp = new(datagrams, Answer, clock);
        _tcp = new(connections, Answer, clock, IdleLimit);
        _running = Task.WhenAll(_udp.RunAsync(_stop.Token), _tcp.RunAsync(_stop.Token));
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _stop.CancelAsync();
        await _running;
        _udp?.Dispose();
        _tcp?.Dispose();
        _stop.Dispose();
    }

    private QueryReply Answer(ReadOnlySpan<byte> query, bool isDatagram, Span<byte> destination, Func<IPEndPoint> client)
    {
        QueryReply reply;
        try
        {
            reply = QueryResponder.Answer(query, _zones, faults, isDatagram, destination);
            if (reply.Question is { } question)
                Observer?.Invoke(question, client(), reply.Code, reply.Fault);
        }
        catch (Exception)
        {
            // The one net under a query: whatever a bug or an observer does, the others are still served.
            reply = QueryResponder.Fail(query, destination);
        }
        return reply;
    }

    // A free TCP port may be taken for UDP; then another one is tried, unless the caller wants just this one.
    private static (Socket Datagrams, Socket Connections) Bind(IPEndPoint wanted)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connections = new Socket(wanted.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            var datagrams = new Socket(wanted.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                connections.Bind(wanted);
                connections.Listen();
                datagrams.Bind(connections.LocalEndPoint!);
                return (datagrams, connections);
            }
            catch (SocketException error)
            {
                connections.Dispose();
                datagrams.Dispose();
                if (wanted.Port != 0 || error.SocketErrorCode != SocketError.AddressAlreadyInUse || attempt == MaxBindAttempts)
                    throw;
            }
        }
    }
}
