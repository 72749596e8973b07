using System.Text;

namespace Gateway.Smtp;

/// <summary>
/// One command at a time, each with its reply, as people know SMTP: for tools that show or judge a dialogue. Every method throws
/// <see cref="SmtpConnectionException"/> when there is no answer. The relay sends what it can together (<see cref="MailTransaction"/>).
/// </summary>
public sealed class SmtpDialogue
{
    private readonly SmtpConnection _connection;
    private readonly TimeSpan _patience;
    private readonly LineObserver? _sent;
    private string _phase = "greeting";

    /// <param name="connection">The connection; whoever made the dialogue still closes it.</param>
    /// <param name="patience">How long the server may be silent where it should answer, or take nothing where it should read.</param>
    /// <param name="sent">Sees each command, without line end; secrets are hidden.</param>
    /// <param name="received">Sees each line of the server, with its line end.</param>
    public SmtpDialogue(SmtpConnection connection, TimeSpan patience, LineObserver? sent = null, LineObserver? received = null)
    {
        _connection = connection;
        _patience = patience;
        _sent = sent;
        connection.LimitsSilence = true;
        connection.Observer = received;
    }

    /// <summary>Sends a command and reads the reply to it.</summary>
    /// <param name="command">Without line end.</param>
    /// <param name="shown">What is shown in its place, where it holds a secret.</param>
    public async ValueTask<Reply> AskAsync(string command, string? shown = null)
    {
        var octets = Encoding.UTF8.GetBytes(command + "\r\n");
        if (shown is null)
            _sent?.Invoke(octets.AsSpan()[..^2]);
        else
            _sent?.Invoke(Encoding.UTF8.GetBytes(shown));
        _phase = shown ?? command.Split(' ', 2)[0];
        await WriteAsync(octets);
        return await ReadReplyAsync();
    }

    /// <summary>Writes octets as they are. When the server has hung up, this says nothing: the next reply is read, or the end.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets)
    {
        try
        {
            await _connection.WriteAsync(octets, _phase, _patience);
        }
        catch (SmtpConnectionException e) when (e.Failure == SmtpConnectionFailure.NotWritten)
        {
            // What the server said before it hung up is still there to be read.
        }
    }

    /// <summary>Reads the greeting, or the reply to what was written.</summary>
    public ValueTask<Reply> ReadReplyAsync() => ReadReplyAsync(_patience);

    /// <summary>The TLS handshake, once STARTTLS has been answered with 220.</summary>
    /// <returns>What was agreed, for people.</returns>
    public async ValueTask<string> UpgradeAsync(ClientTls tls)
    {
        await _connection.UpgradeAsync(tls, _patience);
        return _connection.Tls!.ToString();
    }

    /// <summary>Says QUIT and waits for the reply, also after the caller's cancellation has ended the dialogue.</summary>
    public async ValueTask QuitAsync(TimeSpan limit)
    {
        _connection.Deadline.Renew();
        _sent?.Invoke("QUIT"u8);
        _phase = "QUIT";
        await WriteAsync("QUIT\r\n"u8.ToArray());
        await ReadReplyAsync(limit);
    }

    private async ValueTask<Reply> ReadReplyAsync(TimeSpan patience)
    {
        await _connection.ReadReplyAsync(_phase, patience);
        _connection.Deadline.Clear();
        return _connection.Reply;
    }
}
