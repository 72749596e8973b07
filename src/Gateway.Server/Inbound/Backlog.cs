using System.Diagnostics.CodeAnalysis;

namespace Gateway.Server.Inbound;

/// <summary>
/// The queue before a slow writer, such as the log or the journal. It is bounded in items and in octets. An item that does not fit is refused, so
/// that nobody who adds one ever waits. Safe for concurrent use by many writers and one reader.
/// </summary>
/// <param name="maxItems">The most items that wait.</param>
/// <param name="maxOctets">The most memory that the waiting items hold, as their writers estimate it.</param>
#pragma warning disable CA1001 // A semaphore without a wait handle holds nothing that must be freed, and late writers may still release it.
internal sealed class Backlog<T>(int maxItems, long maxOctets)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly Queue<(T Item, long Octets)> _items = new();
    private readonly SemaphoreSlim _arrival = new(0);
    private long _octets;
    private bool _readerWaits;
    private bool _isComplete;

    public int Count
    {
        get
        {
            lock (_gate)
                return _items.Count;
        }
    }

    /// <summary>False: the backlog is full, or complete, and the item is lost.</summary>
    public bool TryAdd(T item, long octets)
    {
        bool readerWaits;
        lock (_gate)
        {
            if (_isComplete || _items.Count >= maxItems || octets > maxOctets - _octets)
                return false;
            _items.Enqueue((item, octets));
            _octets += octets;
            (readerWaits, _readerWaits) = (_readerWaits, false);
        }
        if (readerWaits)
            _arrival.Release();
        return true;
    }

    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        lock (_gate)
        {
            var isThere = _items.TryDequeue(out var first);
            item = first.Item;
            _octets -= first.Octets;
            return isThere;
        }
    }

    /// <summary>Refuses every further item. The reader still gets what waits.</summary>
    public void Complete()
    {
        bool readerWaits;
        lock (_gate)
        {
            _isComplete = true;
            (readerWaits, _readerWaits) = (_readerWaits, false);
        }
        if (readerWaits)
            _arrival.Release();
    }

    /// <summary>Blocks the reader's own thread until an item waits. False: nothing waits, and nothing will come.</summary>
    public bool Wait()
    {
        while (true)
        {
            if (HasItems() is { } hasItems)
                return hasItems;
            _arrival.Wait();
        }
    }

    /// <summary>Waits until an item is there. False: nothing waits, and nothing will come.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (HasItems() is { } hasItems)
                return hasItems;
            await _arrival.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Null: the reader has to wait, and the next item wakes it.</summary>
    private bool? HasItems()
    {
        lock (_gate)
        {
            if (_items.Count > 0 || _isComplete)
                return _items.Count > 0;
            _readerWaits = true;
            return null;
        }
    }
}
