using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Tests;

/// <summary>
/// A smart host over real sockets that takes everything, and answers otherwise where a test wants it. It knows no pipelining
/// and no chunking unless its EHLO reply says so.
/// </summary>
internal sealed class ScriptedSmartHost : IAsyncDisposable
{
    /// <summary>Instead of a reply: none ever comes; or the connection is closed.</summary>
    public const string Silence = "(silence)", Hangup = "(hangup)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly ConcurrentBag<Task> _tasks = [];
    private int _connections;

    public ScriptedSmartHost()
    {
        _listener.Start();
        _tasks.Add(AcceptAsync());
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>How many there were.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What is said to a command ("greeting" and "." are two) of the connection with this number; null: the usual.</summary>
    public Func<int, string, string?> Answers { get; set; } = static (_, _) => null;

    /// <summary>A handshake follows its 220 to STARTTLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Nothing is said to a message before this is done.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public ConcurrentQueue<string> Messages { get; } = new();

    /// <summary>Waits until so many lines were heard that begin with this.</summary>
    public async Task HearsAsync(string command, int times = 1)
    {
        while (_heard.Count(line => line.StartsWith(command, StringComparison.OrdinalIgnoreCase)) < times)
            Assert.True(await _news.WaitAsync(Patience), $"{command} was not heard");
    }

    public string Heard(string command) => _heard.Last(line => line.StartsWith(command, StringComparison.OrdinalIgnoreCase));

    public int Count(string command) => _heard.Count(line => line.StartsWith(command, StringComparison.OrdinalIgnoreCase));

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                _tasks.Add(ServeAsync(socket, Interlocked.Increment(ref _connections)));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over; a listener that was stopped meanwhile answers the next accept with an InvalidOperationException.
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        await Task.Yield();
        try
        {
            await using var network = new NetworkStream(socket, ownsSocket: true);
            if (!await SayAsync(network, number, "greeting", "220 scripted") || !await TalkAsync(network, number))
                return;
            await using var secured = new SslStream(network);
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _end.Token);
            await TalkAsync(secured, number);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The gateway hung up, or the test is over.
        }
    }

    /// <returns>Whether a handshake comes next.</returns>
    private async Task<bool> TalkAsync(Stream stream, int number)
    {
        using (var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true))
        {
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                var command = line.Split(' ', ':')[0].ToUpperInvariant();
                Note(line);
                if (!await SayAsync(stream, number, command, Usual(command)))
                    return false;
                if (command == "STARTTLS" && Certificate is not null)
                    return true;
                if (command == "DATA" && Answers(number, command) is null && !await TakeAsync(reader, stream, number))
                    return false;
            }
        }
        return false;
    }

    private async Task<bool> TakeAsync(StreamReader reader, Stream stream, int number)
    {
        var message = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".")
            message.Append(line).Append("\r\n");
        Messages.Enqueue(message.ToString());
        Note(".");
        await Gate.WaitAsync(_end.Token);
        return await SayAsync(stream, number, ".", "250 2.0.0 taken");
    }

    private void Note(string line)
    {
        _heard.Enqueue(line);
        _news.Release();
    }

    private static string Usual(string command) => command switch
    {
        "EHLO" => "250 scripted",
        "STARTTLS" => "220 2.0.0 go on",
        "DATA" => "354 go on",
        "QUIT" => "221 2.0.0 bye",
        _ => "250 2.0.0 fine",
    };

    private async Task<bool> SayAsync(Stream stream, int number, string command, string usual)
    {
        var reply = Answers(number, command) ?? usual;
        if (reply == Silence)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token);
        if (reply == Hangup)
            return false;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), _end.Token);
        return command != "QUIT";
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_tasks);
        _end.Dispose();
        _news.Dispose();
    }
}
