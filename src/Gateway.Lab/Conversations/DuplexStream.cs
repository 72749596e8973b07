using System.IO.Pipelines;
using Gateway.Server.Talking;

namespace Gateway.Lab.Conversations;

/// <summary>A connection in memory as a stream.</summary>
public sealed class DuplexStream(IDuplexPipe pipe) : ConnectionStream
{
    private readonly Stream _input = pipe.Input.AsStream();
    private readonly Stream _output = pipe.Output.AsStream();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _input.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _output.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    /// <summary>The other end reads to here and no further; reading goes on.</summary>
    public ValueTask FinishWritingAsync() => pipe.Output.CompleteAsync();

    public override async ValueTask DisposeAsync()
    {
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
        await base.DisposeAsync();
    }
}
