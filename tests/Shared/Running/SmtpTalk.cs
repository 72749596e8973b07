using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Tests;

/// <summary>A client at a socket: says lines, hears whole replies. Whoever is kept waiting for a minute fails.</summary>
internal sealed class SmtpTalk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private Stream _stream;
    private StreamReader _reader;

    private SmtpTalk(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new(_stream, Encoding.Latin1);
    }

    /// <summary>Connected, and nothing heard yet.</summary>
    public static async Task<SmtpTalk> ConnectAsync(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        return new(socket);
    }

    /// <summary>Greeted, and through EHLO.</summary>
    public static async Task<SmtpTalk> GreetedAsync(IPEndPoint server)
    {
        var talk = await ConnectAsync(server);
        Assert.StartsWith("220 ", await talk.HearAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250-", await talk.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        return talk;
    }

    /// <returns>The reply's lines, joined by LF; empty when the server has closed.</returns>
    public async Task<string> HearAsync()
    {
        var lines = new List<string>();
        while (await _reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            lines.Add(line);
            if (line is not [_, _, _, '-', ..])
                break;
        }
        return string.Join('\n', lines);
    }

    public async Task<string> SayAsync(string line)
    {
        await WriteAsync(line + "\r\n");
        return await HearAsync();
    }

    public async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Everything to the final dot; the reply to it is still to be heard.</summary>
    public async Task PostAsync(string content, params string[] recipients)
    {
        Assert.StartsWith("250 ", await SayAsync("MAIL FROM:<ann@example.org>"), StringComparison.Ordinal);
        foreach (var recipient in recipients)
            Assert.StartsWith("250 ", await SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", await SayAsync("DATA"), StringComparison.Ordinal);
        await WriteAsync(content + ".\r\n");
    }

    /// <summary>The handshake, after STARTTLS was answered.</summary>
    /// <returns>The server's certificate, whosever it is.</returns>
    public async Task<X509Certificate> SecureAsync()
    {
#pragma warning disable CA5359 // The certificate is the test's own.
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync("mx.gateway.test").WaitAsync(Patience);
        _stream = tls;
        _reader = new(tls, Encoding.Latin1);
        return tls.RemoteCertificate!;
    }

    /// <summary>Nothing more will be said; but what comes is still heard.</summary>
    public void EndSpeaking() => _socket.Shutdown(SocketShutdown.Send);

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _stream.DisposeAsync();
    }
}
