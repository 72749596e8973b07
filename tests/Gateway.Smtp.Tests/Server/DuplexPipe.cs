using System.IO.Pipelines;

namespace Gateway.Smtp.Tests.Server;

/// <summary>Two ends of a connection in memory. Everything that can happen at once happens before a write returns.</summary>
internal sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;

    public static (DuplexPipe Server, DuplexPipe Client, CountingWriter Flushes) CreatePair(long pauseOutputAt = 1 << 20)
    {
        var toServer = new Pipe(Inline);
        var toClient = new Pipe(Options(pauseOutputAt));
        var counting = new CountingWriter(toClient.Writer);
        return (new(toServer.Reader, counting), new(toClient.Reader, toServer.Writer), counting);
    }

    /// <summary>Whoever waits goes on within the write that he waits for.</summary>
    public static PipeOptions Inline { get; } = Options(1 << 20);

    private static PipeOptions Options(long pauseAt) => new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: pauseAt,
        resumeWriterThreshold: pauseAt / 2,
        useSynchronizationContext: false);
}

/// <summary>Counts what a socket would be asked to send.</summary>
internal sealed class CountingWriter(PipeWriter inner) : PipeWriter
{
    public int Count { get; private set; }

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Count++;
        return inner.FlushAsync(cancellationToken);
    }
}
