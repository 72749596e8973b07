using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Smtp;

/// <summary>A pipe as the stream that TLS wants below it. A read into nothing waits for octets and holds no buffer.</summary>
internal sealed class DuplexPipeStream(IDuplexPipe pipe) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await pipe.Input.ReadAsync(cancellationToken);
            var octets = read.Buffer;
            var length = (int)Math.Min(octets.Length, buffer.Length);
            octets.Slice(0, length).CopyTo(buffer.Span);
            pipe.Input.AdvanceTo(octets.GetPosition(length));
            // A cancelled read was meant for the session, which looks for itself.
            if (length > 0 || read.IsCompleted || (buffer.IsEmpty && !octets.IsEmpty))
                return length;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var written = await pipe.Output.WriteAsync(buffer, cancellationToken);
        if (written.IsCompleted)
            throw new IOException("the connection is closed");
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
