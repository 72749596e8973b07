namespace Gateway.Server.Talking;

/// <summary>A connection of which some octets have been read already: they are read again first.</summary>
internal sealed class RepeatedStream(ReadOnlyMemory<byte> first, Stream inner) : ConnectionStream
{
    private ReadOnlyMemory<byte> _first = first;

    /// <summary>The connection itself, for what only it can do.</summary>
    public Stream Inner => inner;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_first.IsEmpty)
            return inner.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(buffer.Length, _first.Length);
        _first[..count].CopyTo(buffer);
        _first = _first[count..];
        return ValueTask.FromResult(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
