using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gateway.Smtp;

/// <summary>
/// A message while it arrives, and then its content: in pooled memory as long as its store allows, in a temporary file
/// beyond. It takes everything it is given; what cannot be kept is counted and forgotten, for a message must be read to its
/// end before it can be refused.
/// </summary>
internal sealed class MessageBuffer(MessageStore store, long limit) : MessageContent
{
    private const int SmallestSegment = 4 << 10;
    private const int LargestSegment = 64 << 10;

    private readonly List<byte[]> _segments = new(4);
    private int _used; // of the last segment; the others are full
    private long _pending; // in segments, not in the file
    private long _reserved;
    private long _length;
    private bool _hasEightBit;
    private byte _last;
    private byte _lastButOne;
    private bool _spills;
    private SpillFile? _file;
    private bool _isDisposed;

    public override long Length => _length;

    public override bool HasEightBit => _hasEightBit;

    public override bool EndsWithNewline => _length == 0 || (_lastButOne == '\r' && _last == '\n');

    /// <summary>More octets came than the limit allows; none are kept.</summary>
    public bool IsTooLarge => _length > limit;

    /// <summary>The temporary file could not be made or written; nothing is kept.</summary>
    public Exception? Failure { get; private set; }

    public bool IsInFile => _file is not null;

    /// <summary>Whether enough has come together for a write to the file.</summary>
    public bool WantsFlush => _spills && _pending >= LargestSegment;

    private bool IsForgotten { get; set; }

    public void Append(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;
        _length += octets.Length;
        if (IsTooLarge)
            Forget();
        if (IsForgotten)
            return;
        _hasEightBit = _hasEightBit || !Ascii.IsValid(octets);
        _lastButOne = octets.Length > 1 ? octets[^2] : _last;
        _last = octets[^1];
        _pending += octets.Length;
        while (true)
        {
            var room = _segments.Count == 0 ? default : _segments[^1].AsSpan(_used);
            if (octets.Length <= room.Length)
            {
                octets.CopyTo(room);
                _used += octets.Length;
                return;
            }
            octets[..room.Length].CopyTo(room);
            octets = octets[room.Length..];
            Grow();
        }
    }

    /// <summary>Keeps nothing, neither what came nor what comes: the message will be refused.</summary>
    public void Forget()
    {
        IsForgotten = true;
        ReturnSegments(keep: 0);
        CloseFile();
    }

    /// <summary>Moves what is in memory to the file. A failure is kept as a value: the reply waits for the message's end.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (!_spills || _pending == 0 || IsForgotten)
            return;
        try
        {
            _file ??= new SpillFile(store.Folder);
            await _file.WriteAsync(Pieces(), cancellationToken);
            ReturnSegments(keep: 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e;
            Forget();
        }
    }

    /// <summary>The last octet has come.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        if (_spills)
            ReturnSegments(keep: 0);
    }

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_file is not null)
        {
            await foreach (var piece in _file.ReadAsync(cancellationToken))
                yield return piece;
        }
        for (var i = 0; i < _segments.Count; i++)
        {
            // A piece of a pooled array that went back would be another message's content.
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            cancellationToken.ThrowIfCancellationRequested();
            yield return PieceAt(i);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Forget();
        return ValueTask.CompletedTask;
    }

    /// <summary>A segment more. Small messages get small ones; past the store's limits comes the file's write buffer.</summary>
    private void Grow()
    {
        var size = (int)Math.Clamp(_reserved, SmallestSegment, LargestSegment);
        if (!_spills && _reserved + size <= store.MemoryPerMessage && store.TryReserve(size))
            _reserved += size;
        else
            _spills = true;
        // The pool's arrays of these sizes have exactly these sizes, so the reservation is what is held.
        _segments.Add(ArrayPool<byte>.Shared.Rent(_spills ? LargestSegment : size));
        _used = 0;
    }

    private ReadOnlyMemory<byte>[] Pieces()
    {
        var pieces = new ReadOnlyMemory<byte>[_segments.Count];
        for (var i = 0; i < pieces.Length; i++)
            pieces[i] = PieceAt(i);
        return pieces;
    }

    private ReadOnlyMemory<byte> PieceAt(int segment) =>
        _segments[segment].AsMemory(0, segment == _segments.Count - 1 ? _used : _segments[segment].Length);

    private void ReturnSegments(int keep)
    {
        // The last segment is the write buffer, and none of the reserved ones.
        while (_segments.Count > keep)
        {
            ArrayPool<byte>.Shared.Return(_segments[0]);
            _segments.RemoveAt(0);
        }
        _used = 0;
        _pending = 0;
        store.Release(_reserved);
        _reserved = 0;
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }
}
