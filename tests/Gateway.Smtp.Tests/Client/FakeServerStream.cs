using System.Text;

namespace Gateway.Smtp.Tests.Client;

/// <summary>A connection to a <see cref="FakeServer"/> in memory: it answers within the write, so nothing depends on timing.</summary>
internal sealed class FakeServerStream : Stream
{
    private readonly FakeServer _server;
    private readonly Queue<byte> _toClient = new();
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeServerStream(FakeServer server)
    {
        _server = server;
        Say(Encoding.Latin1.GetBytes(server.Greeting == "" ? "" : server.Greeting + "\r\n"));
    }

    /// <summary>Octets that a read gives at the most.</summary>
    public int ReadLimit { get; init; } = int.MaxValue;

    /// <summary>Nothing that is written is answered, and what was said in the greeting ends with the connection's end.</summary>
    public bool IsDeaf { get; init; }

    /// <summary>The number of the write (from 0) that fails, as a reset connection's does.</summary>
    public int? FailingWrite { get; set; }

    /// <summary>What can be read when it has failed.</summary>
    public string SaysAtFailure { get; set; } = "";

    public List<byte[]> Writes { get; } = [];

    public IEnumerable<string> WrittenTexts => Writes.Select(Encoding.UTF8.GetString);

    public bool IsDisposed { get; private set; }

    /// <summary>Completes when the client waits for octets that are not there.</summary>
    public Task Waiting => _waiting.Task;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void Say(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
            _toClient.Enqueue(octet);
        _arrived.TrySetResult();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (FailingWrite == Writes.Count)
        {
            Say(Encoding.Latin1.GetBytes(SaysAtFailure));
            throw new IOException("Connection reset by peer");
        }
        Writes.Add(buffer.ToArray());
        if (!IsDeaf)
            Say(_server.Receive(buffer.Span));
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_toClient.Count == 0)
        {
            if (_server.HasClosed || IsDeaf)
                return 0;
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.TrySetResult();
            await _arrived.Task.WaitAsync(cancellationToken);
        }
        var count = Math.Min(Math.Min(buffer.Length, ReadLimit), _toClient.Count);
        for (var i = 0; i < count; i++)
            buffer.Span[i] = _toClient.Dequeue();
        return count;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
