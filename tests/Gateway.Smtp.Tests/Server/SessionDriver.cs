using System.Text;

namespace Gateway.Smtp.Tests.Server;

/// <summary>A session over pipes in memory, and the client's end of it.</summary>
internal sealed class SessionDriver : IAsyncDisposable
{
    public const string Greeting = "220 mx.gateway.test ESMTP\r\n";

    /// <summary>To be followed by a message.</summary>
    public const string ToRecipient = "EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\n";

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborted = new();

    public SessionDriver(FakeHandler? handler = null, SmtpServerOptions? options = null, long pauseOutputAt = 1 << 20, string? id = null)
    {
        Handler = handler ?? new FakeHandler();
        (Server, Client, Flushes) = DuplexPipe.CreatePair(pauseOutputAt);
        Session = Handler.SessionWith(options ?? Options, id);
        Smtp = new SmtpSession(Server, Session, Handler, Time);
    }

    /// <summary>Whole dialogues in one write are heard, for most tests are about what is said and not about when.</summary>
    public static SmtpServerOptions Options { get; } = new() { HostName = "mx.gateway.test", RefusesEarlyInput = false };

    public FakeHandler Handler { get; }
    public ManualTime Time { get; } = new();
    public DuplexPipe Server { get; }
    public DuplexPipe Client { get; }
    public CountingWriter Flushes { get; }
    public Session Session { get; }
    public SmtpSession Smtp { get; }

    /// <summary>Runs from the first <see cref="Start"/>; a session that hangs fails its test instead of the run.</summary>
    public Task<SessionEnd> End { get; private set; } = Task.FromResult(SessionEnd.Dropped);

    public SessionDriver Start()
    {
        End = Smtp.RunAsync(_stopping.Token, _aborted.Token).WaitAsync(TimeSpan.FromMinutes(1));
        return this;
    }

    public void Stop() => _stopping.Cancel();

    public void Abort() => _aborted.Cancel();

    public async Task SendAsync(string octets) => await Client.Output.WriteAsync(Encoding.Latin1.GetBytes(octets));

    public async Task SendInPiecesAsync(string octets, int size)
    {
        for (var at = 0; at < octets.Length; at += size)
            await SendAsync(octets[at..Math.Min(octets.Length, at + size)]);
    }

    /// <summary>What the server has written so far.</summary>
    public string Received()
    {
        if (!Client.Input.TryRead(out var read))
            return "";
        var text = Encoding.Latin1.GetString(read.Buffer);
        Client.Input.AdvanceTo(read.Buffer.End);
        return text;
    }

    public async Task<string> AskAsync(string octets)
    {
        await SendAsync(octets);
        return Received();
    }

    /// <summary>Past the greeting, EHLO and whatever else is given.</summary>
    public async Task<SessionDriver> ReadyAsync(string more = "")
    {
        Start();
        await AskAsync("EHLO client.example\r\n" + more);
        return this;
    }

    public Task<SessionDriver> WithRecipientAsync() =>
        ReadyAsync("MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\n");

    /// <summary>The whole of a conversation whose client closes in the end.</summary>
    public static async Task<(string Received, SessionEnd End)> PlayAsync(
        string octets, int pieces = int.MaxValue, FakeHandler? handler = null, SmtpServerOptions? options = null)
    {
        await using var driver = new SessionDriver(handler, options).Start();
        await driver.SendInPiecesAsync(octets, Math.Min(pieces, Math.Max(1, octets.Length)));
        await driver.Client.Output.CompleteAsync();
        var end = await driver.End;
        return (driver.Received(), end);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.Output.CompleteAsync();
        await Client.Input.CompleteAsync();
        _aborted.Cancel();
        _stopping.Dispose();
        _aborted.Dispose();
    }
}
