using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Gateway.Smtp;

/// <summary>Sees a line that the server has sent, with its line end, as soon as it is there.</summary>
public delegate void LineObserver(ReadOnlySpan<byte> line);

/// <summary>
/// A client's connection to a server: octets out, replies or lines in, TLS, and one deadline. The relay, recipient checks and all tools that
/// talk to servers use it. Not safe for concurrent use.
/// </summary>
public sealed partial class SmtpConnection : IAsyncDisposable
{
    /// <summary>Octets of a line that is read by itself; a longer one comes in pieces.</summary>
    private const int LongestLine = 1 << 16;

    private readonly Socket? _socket;
    private readonly Func<ValueTask>? _endWriting;
    private readonly InputBuffer _input = new();
    private Stream _stream;
    private string? _distrust;
    private int _observed;

    // The last read filled the buffer under TLS: more may have been decrypted already, where no look at the socket finds it.
    private bool _mayHoldMore;

    internal SmtpConnection(Stream stream, Socket? socket, ClientDeadline deadline, Func<ValueTask>? endWriting = null)
    {
        _stream = stream;
        _socket = socket;
        _endWriting = endWriting;
        Deadline = deadline;
    }

    internal ClientDeadline Deadline { get; }

    public EndPoint? LocalEndPoint => _socket?.LocalEndPoint;

    public EndPoint? RemoteEndPoint => _socket?.RemoteEndPoint;

    /// <summary>TLS is up.</summary>
    public bool IsSecured { get; private set; }

    /// <summary>What the TLS handshake has agreed on; null without TLS.</summary>
    public TlsAgreement? Tls => IsSecured && _stream is SslStream tls ? new(tls.SslProtocol, tls.NegotiatedCipherSuite, tls.RemoteCertificate?.Subject, _distrust) : null;

    public bool IsClosed { get; private set; }

    /// <summary>Sees the lines of the replies that are read; null costs nothing.</summary>
    public LineObserver? Observer { get; set; }

    /// <summary>
    /// A limit is the longest silence, so a server that goes on sending is not cut off. Otherwise a limit is the time for a whole reply, so
    /// that no server can hold up a relay for long.
    /// </summary>
    public bool LimitsSilence { get; set; }

    /// <summary>There are octets after the last reply: an answer to nothing.</summary>
    public bool HasUnread => _input.HasUnread;

    /// <summary>The octets after the last reply are 421: the server closes for its own reasons (RFC 5321 §3.8).</summary>
    internal bool SaysGoodbye => _input.Unread.StartsWith("421"u8);

    /// <summary>The octets after the last reply are of the class of that code, as far as they have come.</summary>
    internal bool NextIsLike(int code) => _input.Unread[0] == '0' + (code / 100);

    /// <summary>The reply whose code <see cref="ReadReplyAsync"/> returned last.</summary>
    public Reply Reply => ReplyReader.Parse(_input.Current);

    /// <summary>The caller's cancellation ends what is under way.</summary>
    public CancellationTokenRegistration EndWith(CancellationToken cancellationToken) => Deadline.EndWith(cancellationToken);

    /// <summary>Reads the next reply and returns its code. The text of the reply is made only when somebody asks for it.</summary>
    /// <exception cref="SmtpConnectionException">No reply came in time, or it is no SMTP reply.</exception>
    public async ValueTask<int> ReadReplyAsync(string phase, TimeSpan limit)
    {
        Deadline.Set(phase, limit);
        _input.BeginNext();
        _observed = 0;
        var reader = new ReplyReader();
        while (true)
        {
            var scan = reader.Scan(_input.Received);
            if (Observer is not null)
                ShowTo(reader.Length);
            switch (scan)
            {
                case ReplyScan.Complete:
                    _input.EndCurrent(reader.Length);
                    return reader.Code;
                case ReplyScan.Malformed:
                    ShowRest();
                    throw SmtpConnectionException.OutOfStep("the server's answer is not an SMTP reply", phase);
                default:
                    if (!await FillAsync(phase))
                        throw Closed(phase);
                    break;
            }
        }
    }

    /// <summary>Reads the next line, whatever it is, with its line end; without one at the end of the connection, and empty behind it.</summary>
    /// <exception cref="SmtpConnectionException">No line came in time, or the connection is lost.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(string phase, TimeSpan limit)
    {
        Deadline.Set(phase, limit);
        _input.BeginNext();
        int length;
        while ((length = _input.Received.IndexOf((byte)'\n') + 1) == 0 && _input.Received.Length < LongestLine && await FillAsync(phase))
        {
        }
        _input.EndCurrent(length == 0 ? _input.Received.Length : length);
        Deadline.Clear();
        return _input.Current.ToArray();
    }

    /// <summary>The last reply is the next one to be read, too.</summary>
    public void ReadReplyAgain() => _input.ReadAgain();

    /// <summary>Writes commands, unless the server has answered them already.</summary>
    /// <exception cref="SmtpConnectionException">They cannot be written, or are answered already.</exception>
    internal ValueTask WriteCommandsAsync(ReadOnlyMemory<byte> octets, string phase, TimeSpan limit)
    {
        // A reply that is here before its command was written answers something else; only 421 may come at any time.
        if (HasUnread && !SaysGoodbye)
            throw SmtpConnectionException.OutOfStep("the server answered it before it was sent", phase);
        return WriteAsync(octets, phase, limit);
    }

    /// <summary>Writes octets as they are.</summary>
    /// <exception cref="SmtpConnectionException">They cannot be written.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, string phase, TimeSpan limit)
    {
        Deadline.Set(phase, limit);
        try
        {
            await _stream.WriteAsync(octets, Deadline.Token);
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            throw Broken(e, SmtpConnectionFailure.NotWritten, "the server did not take the octets", phase);
        }
    }

    /// <summary>Nothing is under way: no timer runs and no buffer is held.</summary>
    internal void Rest()
    {
        Deadline.Clear();
        _input.Release();
    }

    /// <summary>
    /// Nothing waits to be read: neither here, nor in the socket. A look, not a wait. Under TLS it may take a session ticket for
    /// an answer, which costs a connection and no message.
    /// </summary>
    internal bool IsSilent()
    {
        try
        {
            return !HasUnread && !_mayHoldMore && _socket?.Poll(0, SelectMode.SelectRead) != true;
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            return false;
        }
    }

    /// <summary>Nothing more is written; what the server still says can be read.</summary>
    public async ValueTask EndWritingAsync()
    {
        try
        {
            if (_stream is SslStream tls)
                await tls.ShutdownAsync();
            else if (_endWriting is not null)
                await _endWriting();
            else
                _socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            // The next read says so.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        _input.Drop();
        Rest();
        try
        {
            await _stream.DisposeAsync();
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            // What is being closed may be broken already; then it is closed.
            _socket?.Dispose();
        }
    }

    /// <returns>False at the end of the connection.</returns>
    private async ValueTask<bool> FillAsync(string phase)
    {
        int read;
        try
        {
            read = await _stream.ReadAsync(_input.Room(), Deadline.Token);
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            ShowRest();
            throw Broken(e, SmtpConnectionFailure.Lost, "the server did not answer", phase);
        }
        _input.Advance(read);
        _mayHoldMore = IsSecured && _input.IsFull;
        if (LimitsSilence)
            Deadline.Restart();
        return read > 0;
    }

    private SmtpConnectionException Closed(string phase)
    {
        ShowRest();
        return new(SmtpConnectionFailure.Lost, "the server closed the connection", phase);
    }

    private void ShowTo(int length)
    {
        while (_observed < length)
        {
            var line = _input.Received[_observed..length];
            line = line[..(line.IndexOf((byte)'\n') + 1)];
            _observed += line.Length;
            Observer!(line);
        }
    }

    /// <summary>A line that is no reply, or has no end.</summary>
    private void ShowRest()
    {
        var rest = _input.Received[_observed..];
        var end = rest.IndexOf((byte)'\n') + 1;
        if (!rest.IsEmpty)
            Observer?.Invoke(end == 0 ? rest : rest[..end]);
    }

    private SmtpConnectionException Broken(Exception e, SmtpConnectionFailure failure, string undone, string phase) =>
        e is OperationCanceledException ? Deadline.Passed(undone) : new(failure, (e.InnerException ?? e).Message, phase);

    private static bool IsOfTheConnection(Exception e) =>
        e is IOException or SocketException or AuthenticationException or ObjectDisposedException or OperationCanceledException
            or InvalidOperationException or System.ComponentModel.Win32Exception;
}
