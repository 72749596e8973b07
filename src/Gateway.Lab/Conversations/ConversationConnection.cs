using Gateway.Lab.Talking;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Lab.Conversations;

/// <summary>What came when a line was awaited.</summary>
/// <param name="Text">The line without CRLF, with unprintable octets escaped; null when none came.</param>
/// <param name="IsEnd">The server has closed the connection.</param>
internal readonly record struct ReceivedLine(string? Text, bool IsEnd)
{
    public override string ToString() => Text ?? (IsEnd ? "(the server hung up)" : "(nothing)");
}

/// <summary>The client's connection in a conversation: octets out in pieces, whatever they are, and lines in, whatever they are.</summary>
/// <param name="connection">The connection.</param>
/// <param name="chunking">How octets are cut into writes.</param>
/// <param name="patience">How long a line is waited for.</param>
/// <param name="cancellationToken">Ends the conversation.</param>
internal sealed class ConversationConnection(SmtpConnection connection, Chunking chunking, TimeSpan patience, CancellationToken cancellationToken) : IAsyncDisposable
{
    // The lab's certificate is made at its start, and nothing secret is said in a conversation: any certificate is taken.
    private static readonly ClientTls Tls = new(ConversationSetting.UsualHostName, Verify: false);

    private readonly CancellationTokenRegistration _cancelled = connection.EndWith(cancellationToken);

    /// <summary>A server that has hung up takes nothing, but what it said before is still to be read.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets)
    {
        var size = chunking switch
        {
            Chunking.SingleOctets => 1,
            Chunking.Sevens => 7,
            _ => octets.Length,
        };
        try
        {
            for (var at = 0; at < octets.Length; at += size)
                await connection.WriteAsync(octets.Slice(at, Math.Min(size, octets.Length - at)), "conversation", Timeout.InfiniteTimeSpan);
        }
        catch (SmtpConnectionException)
        {
            // The next line says so, or the end.
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask<ReceivedLine> ReadLineAsync()
    {
        try
        {
            var line = await connection.ReadLineAsync("conversation", patience);
            return line.IsEmpty ? new(null, true) : new(TranscriptLine.Shown(line.Span), false);
        }
        catch (SmtpConnectionException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(null, IsEnd: e.Failure != SmtpConnectionFailure.TimedOut);
        }
    }

    /// <summary>The TLS handshake, with any certificate.</summary>
    /// <returns>Why there is no TLS; null when there is.</returns>
    public async ValueTask<string?> SecureAsync()
    {
        try
        {
            await connection.SecureAsync(Tls, patience);
            return null;
        }
        catch (SmtpConnectionException failed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return failed.Problem;
        }
    }

    /// <summary>Nothing more is written; what the server still says can be read.</summary>
    public ValueTask EndWritingAsync() => connection.EndWritingAsync();

    /// <summary>The octets as transcript lines.</summary>
    public static IEnumerable<string> Lines(byte[] octets)
    {
        for (var at = 0; at < octets.Length;)
        {
            var found = octets.AsSpan(at).IndexOf("\r\n"u8);
            var end = found < 0 ? octets.Length : at + found;
            yield return Shortened(Escapes.Show(octets.AsSpan(at, end - at)));
            at = found < 0 ? octets.Length : end + 2;
        }
    }

    private static string Shortened(string line) => line.Length <= 200 ? line : $"{line.AsSpan(0, 180)}… ({line.Length} characters)";

    public async ValueTask DisposeAsync()
    {
        await _cancelled.DisposeAsync();
        await connection.DisposeAsync();
    }
}
