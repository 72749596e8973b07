using System.IO.Pipelines;

namespace Gateway.Smtp.Tests.Server;

/// <summary>A reader that somebody is told about just before it is asked.</summary>
internal sealed class WatchedReader(PipeReader inner) : PipeReader
{
    public required Action OnTryRead { get; init; }

    public override bool TryRead(out ReadResult result)
    {
        OnTryRead();
        return inner.TryRead(out result);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
