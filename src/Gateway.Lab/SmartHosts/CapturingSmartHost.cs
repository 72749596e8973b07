using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gateway.Server.Configuration;
using Gateway.Smtp;

namespace Gateway.Lab.SmartHosts;

/// <summary>
/// A smart host on loopback that accepts and keeps every message, or answers as configured. The lab, the tests and the
/// tests and of conversations. It uses the same <see cref="SmtpSession"/> as the gateway, behind a plain socket.
/// </summary>
public sealed class CapturingSmartHost : IAsyncDisposable
{
    private readonly CaptureFolder? _folder;
    private readonly TimeProvider _time;
    private readonly SmtpServerOptions _options;
    private readonly Lazy<SmtpServerOptions> _secured;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<CapturedMessage> _messages = [];
    private readonly HashSet<Task> _sessions = [];
    private readonly HashSet<CaptureConnection> _connections = [];
    private readonly SmartHostScript _script;
    private readonly Random _chance;
    private IReadOnlyList<SmartHostAnswer.At> _answers = [];
    private SmartHostAnswer.Authenticate? _demanded;
    private Socket _listener;
    private bool _isUp;
    private Task _accepting = Task.CompletedTask;
    private int _count;

    private CapturingSmartHost(IPEndPoint endpoint, CaptureFolder? folder, TimeProvider time, SmartHostScript script, Random chance)
    {
        _folder = folder;
        _time = time;
        _script = script;
        _chance = chance;
        _options = new()
        {
            HostName = "smarthost.gateway.test",
            BareNewline = BareNewline.Normalize,
            // A staged clock may be moved while a message is still on its way to here: that must not look like a slow client.
            DataTimeout = TimeSpan.FromDays(1),
            MessageTimeout = TimeSpan.FromDays(1),
        };
        _secured = new(() => _options with { Tls = LabTls(), OffersAuth = true });
        _listener = Bound(endpoint);
        Endpoint = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>The number of accepted messages.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The accepted messages, oldest first; empty if they are written to a folder.</summary>
    public IReadOnlyList<CapturedMessage> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    /// <param name="endpoint">The endpoint to listen on; port 0 picks a free port.</param>
    /// <param name="folder">The folder for the messages; null keeps them in memory.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SocketException">The endpoint is in use.</exception>
    public static CapturingSmartHost Start(IPEndPoint endpoint, CaptureFolder? folder, TimeProvider time) =>
        Start(endpoint, folder, time, SmartHostScript.Empty, new Random(0));

    /// <param name="endpoint">The endpoint to listen on; port 0 picks a free port.</param>
    /// <param name="folder">The folder for the messages; null keeps them in memory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="script">The answers from the start on, and again after <see cref="SmartHostAnswer.Up"/>.</param>
    /// <param name="chance">Decides about answers with a chance below 100 %. Used by one thread at a time.</param>
    /// <exception cref="SocketException">The endpoint is in use.</exception>
    public static CapturingSmartHost Start(IPEndPoint endpoint, CaptureFolder? folder, TimeProvider time, SmartHostScript script, Random chance)
    {
        var host = new CapturingSmartHost(endpoint, folder, time, script, chance);
        host.Direct(new SmartHostAnswer.Up());
        return host;
    }

    /// <summary>Sets an answer from now on. <see cref="SmartHostAnswer.Up"/> restores the answers of the start.</summary>
    public void Direct(SmartHostAnswer answer)
    {
        lock (_lock)
        {
            if (answer is SmartHostAnswer.Up)
            {
                (_answers, _demanded) = ([], null);
                GoUp();
                foreach (var first in _script.Answers)
                    Follow(first);
            }
            else
                Follow(answer);
        }
    }

    private void Follow(SmartHostAnswer answer)
    {
        switch (answer)
        {
            case SmartHostAnswer.At at:
                _answers = [at, .. _answers.Where(other => (other.Point, other.Recipient) != (at.Point, at.Recipient))];
                break;
            case SmartHostAnswer.Authenticate demanded:
                _demanded = demanded;
                break;
            case SmartHostAnswer.Down:
                GoDown();
                break;
        }
    }

    /// <summary>The user as which a client must log in; null if no login is required.</summary>
    internal SmartHostAnswer.Authenticate? Demanded => Volatile.Read(ref _demanded);

    /// <summary>The file with which its certificate can be verified. It offers STARTTLS if it requires a login.</summary>
    public PublicKeyPin PublicKey => PublicKeyPin.Of(_secured.Value.Tls!.ServerCertificateContext!.TargetCertificate);

    // A password is only sent over TLS. A smart host that requires no login needs no TLS.
    private SslServerAuthenticationOptions LabTls()
    {
        using var files = LabCertificate.Create(_options.HostName, _time.GetUtcNow());
        var (certificate, chain) = CertificateFiles.Read(new(files.CertificateFile, files.KeyFile)).Parse();
        return new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true) };
    }

    // A socket that is bound but does not listen keeps the port and refuses connections, which is what "down" means.
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
        // Works on a copy, because a session that ends removes its connection from the set.
        foreach (var connection in _connections.ToArray())
            connection.HangUp();
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
                    var connection = new CaptureConnection(socket, _time, _stop.Token);
                    _connections.Add(connection);
                    _sessions.RemoveWhere(session => session.IsCompleted);
                    _sessions.Add(ServeAsync(connection));
                }
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The smart host went down or stopped; both close the listening socket.
        }
    }

    private async Task ServeAsync(CaptureConnection connection)
    {
        await Task.Yield();
        try
        {
            var pipe = new StreamPipe(PipeReader.Create(connection), PipeWriter.Create(connection));
            var session = new CaptureSession(Demanded is null ? _options : _secured.Value);
            await new SmtpSession(pipe, session, new CaptureHandler(this, connection, session), _time).RunAsync(_stop.Token, connection.Gone);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The gateway closed the connection, or this host did: because of an answer, or because it went down.
        }
        finally
        {
            lock (_lock)
                _connections.Remove(connection);
            await connection.DisposeAsync();
        }
    }

    /// <summary>
    /// The answer at a point, if it is not the usual one. An answer for the recipient comes before one for all, and a later one
    /// before an earlier one. If chance skips an answer, the next one is tried.
    /// </summary>
    internal SmartHostAnswer.At? AnswerAt(SmartHostPoint point, IReadOnlyList<ForwardPath> recipients)
    {
        var answers = Volatile.Read(ref _answers);
        return answers.Count == 0 ? null
            : answers.FirstOrDefault(answer => answer.Recipient is not null && Applies(answer))
            ?? answers.FirstOrDefault(answer => answer.Recipient is null && Applies(answer));

        bool Applies(SmartHostAnswer.At answer) => answer.Point == point && answer.Concerns(recipients) && ComesUp(answer.Percent);
    }

    private bool ComesUp(int percent)
    {
        if (percent == 100)
            return true;
        lock (_chance)
            return _chance.Next(100) < percent;
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

    // The lab's own gateway is the only client, so that the limits for strangers do not apply.
    private sealed class CaptureSession(SmtpServerOptions options) : Session(options)
    {
        public override bool IsOwnClient => true;
    }

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
