using System.IO.Pipelines;

namespace Gateway.Smtp.Tests.Server;

/// <summary>Keeps what is written until it is let go, so that several writes arrive as one.</summary>
internal sealed class HeldWriter(PipeWriter inner) : PipeWriter
{
    public bool IsHeld { get; set; }

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        IsHeld ? new(new FlushResult(isCanceled: false, isCompleted: false)) : inner.FlushAsync(cancellationToken);
}
