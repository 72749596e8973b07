using System.Net.Security;
using Gateway.Server.Talking;

namespace Gateway.Lab.Conversations;

/// <summary>What came when a line was awaited.</summary>
/// <param name="Text">The line without CRLF, what is unprintable made visible; null when none came.</param>
/// <param name="IsEnd">The server has hung up.</param>
internal readonly record struct WireLine(string? Text, bool IsEnd)
{
    public override string ToString() => Text ?? (IsEnd ? "(the server hung up)" : "(nothing)");
}

/// <summary>The client's end of a connection: octets out in pieces, lines in.</summary>
internal sealed class ClientWire(Stream stream, Chunking chunking, TimeSpan patience) : IAsyncDisposable
{
    private const int LongestLine = 1 << 16;

    private readonly List<byte> _read = [];
    private readonly byte[] _piece = new byte[4096];
    private Stream _stream = stream;

    /// <summary>A server that has hung up no longer listens: what it said before is still to be read.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
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
            {
                await _stream.WriteAsync(octets.Slice(at, Math.Min(size, octets.Length - at)), cancellationToken);
                await _stream.FlushAsync(cancellationToken);
            }
        }
        catch (IOException)
        {
            // Said by what is read next: a line, or the end.
        }
    }

    public async ValueTask<WireLine> ReadLineAsync(CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            int end;
            while ((end = _read.IndexOf((byte)'\n')) < 0 && _read.Count < LongestLine)
            {
                var count = await _stream.ReadAsync(_piece, either.Token);
                if (count == 0)
                    return _read.Count == 0 ? new(null, true) : Take(_read.Count);
                _read.AddRange(_piece.AsSpan(0, count));
            }
            return Take(end < 0 ? _read.Count : end + 1);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, false);
        }
        catch (IOException)
        {
            return new(null, true);
        }
    }

    private WireLine Take(int length)
    {
        var octets = _read.GetRange(0, length).ToArray().AsSpan();
        _read.RemoveRange(0, length);
        return new(Escapes.Show(octets.EndsWith("\r\n"u8) ? octets[..^2] : octets), false);
    }

    public async ValueTask SecureAsync(CancellationToken cancellationToken)
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "mx.gateway.test",
#pragma warning disable CA5359 // The lab's certificate is made at its start, and nothing secret is said here.
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            cancellationToken);
        _stream = tls;
    }

    /// <summary>No more will be written; what the server still says can be read.</summary>
    public async ValueTask FinishWritingAsync()
    {
        switch (_stream is RepeatedStream repeated ? repeated.Inner : _stream)
        {
            case DuplexStream duplex:
                await duplex.FinishWritingAsync();
                break;
            case System.Net.Sockets.NetworkStream network:
                network.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                break;
            case SslStream tls:
                await tls.ShutdownAsync();
                break;
        }
    }

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

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
