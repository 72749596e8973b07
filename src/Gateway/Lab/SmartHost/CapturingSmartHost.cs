using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Smtp;

namespace Gateway.Lab;

/// <summary>
/// A smart host on loopback that takes every message and keeps it, or answers as it is told: the far end of the lab, of the
/// tests and of conversations. It speaks with the same <see cref="SmtpSession"/> as the gateway, behind a plain socket.
/// </summary>
public sealed class CapturingSmartHost : IAsyncDisposable
{
    private readonly CaptureFolder? _folder;
    private readonly TimeProvider _time;
    private readonly SmtpServerOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<CapturedMessage> _messages = [];
    private readonly HashSet<Task> _sessions = [];
    private readonly HashSet<Socket> _connections = [];
    private IReadOnlyList<SmartHostAnswer.Says> _answers = [];
    private Socket _listener;
    private bool _isUp;
    private Task _accepting = Task.CompletedTask;
    private int _count;

    private CapturingSmartHost(IPEndPoint endpoint, CaptureFolder? folder, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        _options = new() { HostName = "smarthost.gateway.test", BareNewline = BareNewline.Normalize };
        _listener = Bound(endpoint);
        Endpoint = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>How many messages were taken.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What was taken, oldest first; empty when messages go to a folder, which has room for them.</summary>
    public IReadOnlyList<CapturedMessage> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    /// <param name="endpoint">Port 0 takes any free port.</param>
    /// <param name="folder">Where messages are written; null keeps them in memory.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SocketException">The endpoint is taken.</exception>
    public static CapturingSmartHost Start(IPEndPoint endpoint, CaptureFolder? folder, TimeProvider time)
    {
        var host = new CapturingSmartHost(endpoint, folder, time);
        host.Direct(new SmartHostAnswer.Up());
        return host;
    }

    /// <summary>Answers otherwise from here on; <see cref="SmartHostAnswer.Up"/> forgets what it was told before.</summary>
    public void Direct(SmartHostAnswer answer)
    {
        lock (_lock)
        {
            switch (answer)
            {
                case SmartHostAnswer.Says says:
                    _answers = [.. _answers.Where(other => (other.Point, other.Recipient) != (says.Point, says.Recipient)), says];
                    break;
                case SmartHostAnswer.Up:
                    _answers = [];
                    GoUp();
                    break;
                case SmartHostAnswer.Down:
                    GoDown();
                    break;
            }
        }
    }

    // A bound socket that does not listen keeps the port from others and refuses connections: what "down" looks like.
    private static Socket Bound(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(endpoint);
        return socket;
    }

    private void GoUp()
    {
        if (_isUp)
            return;
        _isUp = true;
        _listener.Listen(512);
        _accepting = AcceptAsync(_listener);
    }

    private void GoDown()
    {
        if (!_isUp)
            return;
        _isUp = false;
        _listener.Dispose();
        foreach (var connection in _connections)
            connection.Dispose();
        _listener = Bound(Endpoint);
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var socket = await listener.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                lock (_lock)
                {
                    _connections.Add(socket);
                    _sessions.RemoveWhere(session => session.IsCompleted);
                    _sessions.Add(ServeAsync(socket));
                }
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Down, or stopped: both close the listening socket.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            using var connection = socket;
            await using var stream = new NetworkStream(socket);
            var pipe = new StreamPipe(PipeReader.Create(stream), PipeWriter.Create(stream));
            await new SmtpSession(pipe, new CaptureHandler(this), _options, _time).RunAsync(_stop.Token, _stop.Token);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The gateway hung up, or this host went down under it.
        }
        finally
        {
            lock (_lock)
                _connections.Remove(socket);
        }
    }

    /// <summary>What to say at a point, when it is not the usual.</summary>
    internal Reply? AnswerAt(SmartHostPoint point, ForwardPath? recipient = null)
    {
        var to = recipient?.ToString().Trim('<', '>');
        return Volatile.Read(ref _answers).LastOrDefault(answer =>
            answer.Point == point && (answer.Recipient is null || answer.Recipient.Equals(to, StringComparison.OrdinalIgnoreCase)))?.Reply;
    }

    /// <returns>The file's name; null in memory.</returns>
    internal async Task<string?> TakeAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _count);
        if (_folder is not null)
            return await _folder.WriteAsync(number, envelope, content, _time.GetUtcNow(), cancellationToken);
        using var octets = new MemoryStream();
        await foreach (var piece in content.ReadAsync(cancellationToken))
            octets.Write(piece.Span);
        lock (_lock)
            _messages.Add(new(envelope, octets.ToArray()));
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] ending;
        lock (_lock)
        {
            _listener.Dispose();
            ending = [_accepting, .. _sessions];
        }
        await Task.WhenAll(ending);
        _stop.Dispose();
    }

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
