using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Gateway.Smtp;

/// <summary>
/// Octets out, replies in. Between transactions it holds no buffer, so that a pool of idle connections is small.
/// </summary>
internal sealed class Wire(Stream stream, Socket? socket, ClientDeadline deadline) : IAsyncDisposable
{
    private const int FirstBuffer = 2048;

    private Stream _stream = stream;
    private byte[] _input = [];
    private int _start;
    private int _end;
    private int _replyEnd;

    public ClientDeadline Deadline => deadline;

    public bool IsSecured => _stream is SslStream;

    public bool IsClosed { get; private set; }

    /// <summary>Octets after the last reply: an answer to nothing.</summary>
    public bool HasUnread => _replyEnd < _end;

    /// <summary>What is unread is 421: the server closes on its own account (RFC 5321 §3.8).</summary>
    public bool SaysGoodbye => _input.AsSpan(_replyEnd, _end - _replyEnd).StartsWith("421"u8);

    /// <summary>The reply whose code <see cref="ReadReplyAsync"/> returned last.</summary>
    public Reply Reply => ReplyReader.Parse(_input.AsSpan(_start, _replyEnd - _start));

    /// <summary>Reads the next reply and returns its code; its text is made only when somebody asks.</summary>
    public async ValueTask<int> ReadReplyAsync(string phase, TimeSpan limit)
    {
        deadline.Set(phase, limit);
        _start = _replyEnd;
        var reader = new ReplyReader();
        while (true)
        {
            switch (reader.Scan(_input.AsSpan(_start, _end - _start)))
            {
                case ReplyScan.Complete:
                    _replyEnd = _start + reader.Length;
                    return reader.Code;
                case ReplyScan.Malformed:
                    throw new WireException($"{phase}: the answer is not an SMTP reply");
                default:
                    await FillAsync(phase);
                    break;
            }
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, string phase, TimeSpan limit)
    {
        deadline.Set(phase, limit);
        try
        {
            await _stream.WriteAsync(octets, deadline.Token);
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            throw Lost(phase, e);
        }
    }

    /// <summary>The TLS handshake on what has been the clear connection.</summary>
    public async ValueTask SecureAsync(SslClientAuthenticationOptions options, TimeSpan limit)
    {
        deadline.Set("TLS handshake", limit);
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        try
        {
            await secured.AuthenticateAsClientAsync(options, deadline.Token);
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            throw Lost("TLS handshake", e);
        }
    }

    /// <summary>Nothing is under way: no timer runs and no buffer is held.</summary>
    public void Rest()
    {
        deadline.Clear();
        if (HasUnread || _input.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_input);
        _input = [];
        _start = _end = _replyEnd = 0;
    }

    /// <summary>A connection with something to read while nobody asked is closed, or says 421.</summary>
    public bool IsSilent()
    {
        try
        {
            return !HasUnread && socket?.Poll(0, SelectMode.SelectRead) != true;
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        _replyEnd = _end;
        Rest();
        try
        {
            await _stream.DisposeAsync();
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            // What is being closed may be broken already; then it is closed.
            socket?.Dispose();
        }
    }

    private async ValueTask FillAsync(string phase)
    {
        MakeRoom();
        int read;
        try
        {
            read = await _stream.ReadAsync(_input.AsMemory(_end), deadline.Token);
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            throw Lost(phase, e);
        }
        if (read == 0)
            throw new WireException($"{phase}: the server closed the connection");
        _end += read;
    }

    /// <summary>The unread octets move to the front; only a reply that fills the buffer makes it grow.</summary>
    private void MakeRoom()
    {
        var unread = _input.AsSpan(_start, _end - _start);
        if (_input.Length == 0 || unread.Length == _input.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, _input.Length * 2));
            unread.CopyTo(larger);
            if (_input.Length > 0)
                ArrayPool<byte>.Shared.Return(_input);
            _input = larger;
        }
        else
        {
            unread.CopyTo(_input);
        }
        _end -= _start;
        _start = _replyEnd = 0;
    }

    private WireException Lost(string phase, Exception e) =>
        new(e is OperationCanceledException ? deadline.Reason : $"{phase}: {e.Message}");

    private static bool IsOfTheConnection(Exception e) =>
        e is IOException or SocketException or AuthenticationException or ObjectDisposedException or OperationCanceledException
            or InvalidOperationException or System.ComponentModel.Win32Exception;
}
