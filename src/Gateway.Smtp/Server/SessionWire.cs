using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Gateway.Smtp;

/// <summary>
/// The session's connection: octets in and out, in the clear and then by TLS, under one deadline. What the network or the
/// clock does is not thrown but becomes <see cref="Lost"/>; every wait then ends, and nothing more comes or goes.
/// </summary>
internal sealed class SessionWire : IAsyncDisposable
{
    /// <summary>For the last words to a client that may not be listening.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // No buffer is held while nothing arrives: 10,000 idle sessions wait here.
    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 16 << 10, leaveOpen: true, useZeroByteReads: true);
    private static readonly StreamPipeWriterOptions Writing = new(leaveOpen: true);

    private readonly IDuplexPipe _transport;
    private readonly TimeProvider _time;

    // Never disposed: it holds nothing, and the timer may still be on its way to it.
    private readonly CancellationTokenSource _interrupt = new();
    private volatile PipeReader _input;
    private PipeWriter _output;
    private SslStream? _tls;
    private bool _isAborted;
    private bool _hasEnded;
    private bool _isAllHere;
    private bool _isNudged;

    public SessionWire(IDuplexPipe transport, TimeProvider time)
    {
        _transport = transport;
        _input = transport.Input;
        _output = transport.Output;
        _time = time;
        Deadline = new SessionDeadline(time, _interrupt);
    }

    public SessionDeadline Deadline { get; }

    /// <summary>Why nothing more comes or goes.</summary>
    public SessionEnd? Lost { get; private set; }

    /// <summary>Octets written, and not flushed.</summary>
    public int Unflushed { get; private set; }

    public bool IsSecured { get; private set; }

    public SslProtocols TlsProtocol => _tls!.SslProtocol;

    public string TlsCipherSuite => _tls!.NegotiatedCipherSuite.ToString();

    /// <summary>Wakes who waits for input, that it may look around. Callable from anywhere.</summary>
    public void Nudge() => _input.CancelPendingRead();

    /// <summary>Ends every wait, now. Callable from anywhere.</summary>
    public void Abort()
    {
        Volatile.Write(ref _isAborted, true);
        _interrupt.Cancel();
    }

    public void Write(ReadOnlyMemory<byte> octets)
    {
        _output.Write(octets.Span);
        Unflushed += octets.Length;
    }

    /// <summary>What has arrived and was not looked at, without waiting. False: nothing.</summary>
    public bool TryRead(out ReadResult read) => TryReadFrom(_input, out read);

    /// <summary>Whether octets wait that nobody has looked at; under TLS, also those of a record that is not here as a whole.</summary>
    public bool HasInput => HasOctets(_input) || (IsSecured && HasOctets(_transport.Input));

    private bool HasOctets(PipeReader input)
    {
        if (!TryReadFrom(input, out var read))
            return false;
        input.AdvanceTo(read.Buffer.Start);
        return !read.Buffer.IsEmpty;
    }

    private bool TryReadFrom(PipeReader input, out ReadResult read)
    {
        read = default;
        if (Lost is not null)
            return false;
        try
        {
            var isThere = input.TryRead(out read);
            _isNudged |= isThere && read.IsCanceled;
            return isThere;
        }
        catch (Exception e) when (IsLoss(e))
        {
            Lose();
            return false;
        }
    }

    /// <summary>Some of what was read is done with, and the rest can be read again.</summary>
    public void Take(SequencePosition consumed) => _input.AdvanceTo(consumed);

    /// <summary>Some of what was read is done with, and the rest is of no use without more.</summary>
    public void TakeAndWant(in ReadResult read, SequencePosition consumed)
    {
        _input.AdvanceTo(consumed, read.Buffer.End);
        _hasEnded = read.IsCompleted || _isAllHere;
    }

    /// <summary>Waits until <see cref="TryRead"/> has something, the wire is lost, or somebody nudges.</summary>
    public async ValueTask WaitAsync()
    {
        if (_hasEnded)
            Lost ??= SessionEnd.Dropped;
        // A nudge that TryRead came upon was meant for who waits here.
        var isNudged = _isNudged;
        _isNudged = false;
        if (Lost is not null || isNudged)
            return;
        try
        {
            var read = await _input.ReadAsync(_interrupt.Token);
            _input.AdvanceTo(read.Buffer.Start);
            // A reader on a stream (TLS) says so here only: TryRead gives what is left, if anything is, and not that nothing follows.
            _isAllHere = read.IsCompleted;
            if (read.IsCompleted && read.Buffer.IsEmpty)
                Lost = SessionEnd.Dropped;
        }
        catch (Exception e) when (IsLoss(e))
        {
            Lose();
        }
    }

    /// <summary>Waits for input that long at the most; silence loses nothing. A nudge ends the wait, too.</summary>
    public async ValueTask ListenAsync(TimeSpan wait)
    {
        var timer = _time.CreateTimer(static wire => ((SessionWire)wire!).Nudge(), this, wait, Timeout.InfiniteTimeSpan);
        await WaitAsync();
        await timer.DisposeAsync();
    }

    /// <summary>Everything written goes out, in one piece.</summary>
    public async ValueTask FlushAsync()
    {
        if (Lost is not null || Unflushed == 0)
            return;
        Unflushed = 0;
        try
        {
            var flushed = await _output.FlushAsync(_interrupt.Token);
            if (flushed.IsCompleted)
                Lost = SessionEnd.Dropped;
        }
        catch (Exception e) when (IsLoss(e))
        {
            Lose();
            HasStoppedReading = Lost != SessionEnd.Stopping; // whom we cut off ourselves gets what is on its way
        }
    }

    /// <summary>Whether the client stopped taking what is written to it.</summary>
    public bool HasStoppedReading { get; private set; }

    /// <summary>Last words, for which even a wire that was lost to the clock has a few seconds.</summary>
    public async ValueTask FarewellAsync(ReadOnlyMemory<byte> octets)
    {
        try
        {
            Deadline.Pause();
            using var grace = new CancellationTokenSource(Grace, _time);
            _output.Write(octets.Span);
            await _output.FlushAsync(grace.Token);
        }
        catch (Exception e) when (IsLoss(e) || e is InvalidOperationException)
        {
            // A pipe that its owner completed says so with an InvalidOperationException.
            Lost ??= SessionEnd.Dropped;
            HasStoppedReading = true;
        }
    }

    /// <summary>The handshake, as the server. False: it failed, and the connection is of no use.</summary>
    public async ValueTask<bool> SecureAsync(SslServerAuthenticationOptions options)
    {
        if (Lost is not null)
            return false;
        var tls = new SslStream(new DuplexPipeStream(_transport));
        _tls = tls;
        try
        {
            await tls.AuthenticateAsServerAsync(options, _interrupt.Token);
        }
        catch (Exception e) when (IsLoss(e) || e is AuthenticationException)
        {
            Lost = Deadline.HasExpired ? SessionEnd.TimedOut : SessionEnd.TlsFailed;
            // Whoever only speaks another TLS is to hear so: that alert is on its way.
            HasStoppedReading = Lost == SessionEnd.TimedOut;
            return false;
        }
        IsSecured = true;
        _output = PipeWriter.Create(tls, Writing);
        _input = PipeReader.Create(tls, Reading);
        return true;
    }

    /// <summary>TLS says goodbye and gives its buffers back; the transport is its owner's to close.</summary>
    public async ValueTask DisposeAsync()
    {
        Deadline.Dispose();
        if (_tls is not null)
        {
            if (IsSecured)
                await CloseTlsAsync(_tls);
            await _tls.DisposeAsync();
        }
    }

    private async ValueTask CloseTlsAsync(SslStream tls)
    {
        try
        {
            // RFC 5246 §7.2.1: without close_notify the client cannot tell an end from a truncation.
            if (!HasStoppedReading && Lost is null or SessionEnd.TimedOut)
                await tls.ShutdownAsync().WaitAsync(Grace, _time);
            // What the client did not take is not written again, without end this time: by an error it is thrown away.
            await _output.CompleteAsync(new IOException("the session is over"));
            await _input.CompleteAsync();
        }
        catch (Exception e) when (IsLoss(e) || e is TimeoutException or InvalidOperationException)
        {
            Lost ??= SessionEnd.Dropped;
            HasStoppedReading = true;
        }
    }

    private void Lose() => Lost = Volatile.Read(ref _isAborted) ? SessionEnd.Stopping
        : Deadline.HasExpired ? SessionEnd.TimedOut
        : SessionEnd.Dropped;

    // Transports reset with an IOException and abort with an OperationCanceledException.
    private static bool IsLoss(Exception e) =>
        e is IOException or OperationCanceledException or ObjectDisposedException or SocketException;
}
