using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.EndToEnd;

/// <summary>A reply as it was received, all its lines.</summary>
internal sealed record WireReply(int Code, string Text)
{
    public bool Begins(string words) => Text.StartsWith(words, StringComparison.Ordinal);

    public override string ToString() => Text;
}

/// <summary>
/// A client that sends exactly the bytes a test gives it, from any loopback address: mail programs tidy a message up, and then
/// nobody knows who changed it.
/// </summary>
internal sealed class SmtpWire : IAsyncDisposable
{
    // Generous: for a server that will never answer, not a measure of one that does.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[4096];
    private int _start, _end;

    private SmtpWire(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    public WireReply Greeting { get; private set; } = new(0, "");

    public static async Task<SmtpWire> ConnectAsync(int port, string client = "127.0.0.1")
    {
        var wire = await OpenAsync(port, client);
        wire.Greeting = await wire.ReadReplyAsync();
        return wire;
    }

    /// <summary>Connects and reads nothing.</summary>
    public static async Task<SmtpWire> OpenAsync(int port, string client = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(client), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new SmtpWire(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Does anything accept connections there?</summary>
    public static async Task<bool> AcceptsAsync(int port)
    {
        try
        {
            await using var wire = await OpenAsync(port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Does a server there say 220?</summary>
    public static async Task<bool> GreetsAsync(int port)
    {
        try
        {
            await using var wire = await ConnectAsync(port);
            return wire.Greeting.Code == 220;
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }

    public async Task<WireReply> CommandAsync(string line)
    {
        await SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
        return await ReadReplyAsync();
    }

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes).AsTask();

    /// <summary>EHLO, and the three steps of a transaction as far as they are answered positively; the last reply.</summary>
    public async Task<WireReply> TrySendAsync(string sender, string recipient, ReadOnlyMemory<byte> content)
    {
        if (Greeting.Code != 220)
            return Greeting;
        var reply = await CommandAsync("EHLO client.sender.test");
        return reply.Code == 250 ? await TransactAsync(sender, recipient, content) : reply;
    }

    /// <summary>The three steps without EHLO, for the second message of a connection.</summary>
    public async Task<WireReply> TransactAsync(string sender, string recipient, ReadOnlyMemory<byte> content)
    {
        var body = content.Span.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0 ? "" : " BODY=8BITMIME";
        foreach (var (line, expected) in new[] { ($"MAIL FROM:<{sender}>{body}", 250), ($"RCPT TO:<{recipient}>", 250), ("DATA", 354) })
        {
            var reply = await CommandAsync(line);
            if (reply.Code != expected)
                return reply;
        }

        await SendAsync(DotStuffed(content.Span));
        return await ReadReplyAsync();
    }

    /// <summary>A whole session with one message, which must be accepted.</summary>
    public async Task SendMailAsync(string sender, string recipient, ReadOnlyMemory<byte> content)
    {
        var reply = await TrySendAsync(sender, recipient, content);
        Assert.True(reply.Code == 250, $"{recipient}: {reply}");
        await CommandAsync("QUIT");
    }

    /// <summary>The content as DATA wants it (RFC 5321 §4.5.2), with the dot that ends it.</summary>
    public static byte[] DotStuffed(ReadOnlySpan<byte> content)
    {
        var wire = new MemoryStream(content.Length + 64);
        while (content.Length > 0)
        {
            var end = content.IndexOf("\r\n"u8);
            var line = end < 0 ? content : content[..end];
            if (line.StartsWith("."u8))
                wire.Write("."u8);
            wire.Write(line);
            wire.Write("\r\n"u8);
            content = end < 0 ? default : content[(end + 2)..];
        }

        wire.Write(".\r\n"u8);
        return wire.ToArray();
    }

    /// <exception cref="IOException">The server closed the connection before a reply was whole.</exception>
    public async Task<WireReply> ReadReplyAsync()
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = await ReadLineAsync();
            text.Append(text.Length == 0 ? "" : "\n").Append(line);
            if (line.Length < 4 || line[3] != '-')
                return new(int.Parse(line.AsSpan(0, 3), null), text.ToString());
        }
    }

    /// <summary>True once the server has closed the connection and said nothing more.</summary>
    public async Task<bool> IsClosedByServerAsync()
    {
        try
        {
            return await FillAsync() == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && await FillAsync() == 0)
                throw new IOException($"closed by the server after \"{line}\"");
            var end = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            var upTo = end < 0 ? _end : end;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, upTo - _start));
            _start = end < 0 ? _end : end + 1;
            if (end >= 0)
                return line.ToString().TrimEnd('\r');
        }
    }

    private async Task<int> FillAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        _start = 0;
        _end = await _stream.ReadAsync(_buffer, patience.Token);
        return _end;
    }
}
