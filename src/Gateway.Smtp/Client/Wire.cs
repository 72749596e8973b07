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

    // The last read filled the buffer under TLS: more may have been decrypted already, where no look at the socket finds it.
    private bool _mayHoldMore;

    public ClientDeadline Deadline => deadline;

    public bool IsSecured => _stream is SslStream;

    public bool IsClosed { get; private set; }

    /// <summary>Octets after the last reply: an answer to nothing.</summary>
    public bool HasUnread => _replyEnd < _end;

    /// <summary>What is unread is 421: the server closes on its own account (RFC 5321 §3.8).</summary>
    public bool SaysGoodbye => Unread.StartsWith("421"u8);

    /// <summary>What is unread is of the class of that code, as far as it has come.</summary>
    public bool NextIsLike(int code) => Unread[0] == '0' + (code / 100);

    private ReadOnlySpan<byte> Unread => _input.AsSpan(_replyEnd, _end - _replyEnd);

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
                    throw WireException.OutOfStep($"{phase}: the answer is not an SMTP reply");
                default:
                    await FillAsync(phase);
                    break;
            }
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, string phase, TimeSpan limit)
    {
        // A reply that is here before its command was written answers something else; only 421 may come at any time.
        if (HasUnread && !SaysGoodbye)
            throw WireException.OutOfStep($"{phase}: the server answered it before it was sent");
        deadline.Set(phase, limit);
        try
        {
            await _stream.WriteAsync(octets, deadline.Token);
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            throw Lost(phase, e, isOfWriting: true);
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

    /// <summary>
    /// Nothing waits to be read: neither here, nor in the socket. A look, not a wait. Under TLS it may take a session ticket for
    /// an answer, which costs a connection and no message.
    /// </summary>
    public bool IsSilent()
    {
        try
        {
            return !HasUnread && !_mayHoldMore && socket?.Poll(0, SelectMode.SelectRead) != true;
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
        _mayHoldMore = IsSecured && _end == _input.Length;
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

    private WireException Lost(string phase, Exception e, bool isOfWriting = false) =>
        new(e is OperationCanceledException ? deadline.Reason : $"{phase}: {e.Message}") { IsOfWriting = isOfWriting };

    private static bool IsOfTheConnection(Exception e) =>
        e is IOException or SocketException or AuthenticationException or ObjectDisposedException or OperationCanceledException
            or InvalidOperationException or System.ComponentModel.Win32Exception;
}
