using System.Runtime.InteropServices;
using System.Text;
using Gateway.Smtp;

namespace Gateway.Server.Talking;

/// <summary>Commands out, whole replies in; each line is told as it comes. What the server says is hostile: it is told escaped.</summary>
/// <param name="stream">The connection.</param>
/// <param name="say">Hears every line.</param>
/// <param name="patience">How long the server may say nothing where it should, or take nothing in.</param>
/// <param name="time">The clock.</param>
internal sealed class TalkWire(Stream stream, Action<Speaker, string> say, TimeSpan patience, TimeProvider time) : IAsyncDisposable
{
    private const int LongestShown = 1000;

    private readonly byte[] _piece = new byte[4096];
    private readonly List<byte> _received = [];
    private byte[] _lastReply = [];
    private Stream _stream = stream;

    /// <summary>As it is now, under TLS or not.</summary>
    public Stream Connection => _stream;

    /// <summary>Octets behind the last reply.</summary>
    public bool HasUnread => _received.Count > 0;

    /// <param name="command">Without CRLF.</param>
    /// <param name="shown">What is told of it, when not itself: secrets are not.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TalkException">No reply.</exception>
    public async ValueTask<Reply> AskAsync(string command, CancellationToken cancellationToken, string? shown = null)
    {
        say(Speaker.Client, shown ?? Shown(Encoding.UTF8.GetBytes(command)));
        await WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancellationToken);
        return await HearAsync(cancellationToken);
    }

    /// <summary>A server that has hung up no longer listens: what it said before is still to be heard.</summary>
    /// <exception cref="TalkException">It listens no longer, but keeps the connection.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            await _stream.WriteAsync(octets, either.Token);
        }
        catch (IOException)
        {
            // Said by what is heard next: a reply, or the end.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TalkException($"the server took nothing in for {patience.TotalSeconds:0.###} s");
        }
    }

    /// <exception cref="TalkException">Silence, the end of the connection, or what is no SMTP.</exception>
    public async ValueTask<Reply> HearAsync(CancellationToken cancellationToken)
    {
        var scan = new ReplyReader();
        var told = 0;
        while (true)
        {
            var state = scan.Scan(CollectionsMarshal.AsSpan(_received));
            told = Tell(told, scan.Length);
            switch (state)
            {
                case ReplyScan.Complete:
                    _lastReply = [.. _received[..scan.Length]];
                    _received.RemoveRange(0, scan.Length);
                    return ReplyReader.Parse(_lastReply);
                case ReplyScan.Malformed:
                    TellRest(told);
                    throw new TalkException("what the server says is no SMTP reply");
                default:
                    await FillAsync(told, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>The last reply as it came, and what came behind it: for whoever is to hear it next.</summary>
    public byte[] TakeBack()
    {
        byte[] octets = [.. _lastReply, .. _received];
        _received.Clear();
        return octets;
    }

    /// <exception cref="TalkException">No handshake.</exception>
    public async ValueTask<string> SecureAsync(TalkTls tls, CancellationToken cancellationToken)
    {
        // What follows the 220 in the clear was put there by somebody else, to be read as if TLS had protected it.
        if (HasUnread)
            throw new TalkException("plaintext stands behind the answer to STARTTLS");
        var (secured, agreed) = await tls.SecureAsync(_stream, patience, time, cancellationToken);
        _stream = secured;
        return agreed;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async ValueTask FillAsync(int told, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        int count;
        try
        {
            count = await _stream.ReadAsync(_piece, either.Token);
        }
        catch (IOException lost)
        {
            TellRest(told);
            throw new TalkException($"the connection was lost: {(lost.InnerException ?? lost).Message}", lost);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            TellRest(told);
            throw new TalkException($"the server said nothing for {patience.TotalSeconds:0.###} s");
        }
        if (count == 0)
        {
            TellRest(told);
            throw new TalkException("the server closed the connection");
        }
        _received.AddRange(_piece.AsSpan(0, count));
    }

    private int Tell(int from, int to)
    {
        while (from < to)
        {
            var end = _received.IndexOf((byte)'\n', from) + 1;
            say(Speaker.Server, Line([.. _received[from..end]]));
            from = end;
        }
        return to;
    }

    // A line that is no reply, or has no end.
    private void TellRest(int told)
    {
        var end = _received.IndexOf((byte)'\n', told) + 1;
        byte[] octets = [.. _received[told..(end == 0 ? _received.Count : end)]];
        if (octets.Length > 0)
            say(Speaker.Server, Line(octets));
        _received.Clear();
    }

    // Only CRLF is the end of a line that needs no showing.
    private static string Line(ReadOnlySpan<byte> octets) => Shown(octets.EndsWith("\r\n"u8) ? octets[..^2] : octets);

    private static string Shown(ReadOnlySpan<byte> octets) =>
        octets.Length <= LongestShown ? Escapes.Show(octets) : $"{Escapes.Show(octets[..LongestShown])}… ({octets.Length} octets)";
}
