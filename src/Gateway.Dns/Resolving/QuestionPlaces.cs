namespace Gateway.Dns;

/// <summary>
/// Bounds the questions under way, so that those nobody answers cannot keep out those that are answered at once. A question
/// begins in one of the places of the quick, waiting for one if need be; when its time there is over it moves to the slow,
/// where nobody waits: who has been there longest, and is least likely to be answered still, gives way.
/// </summary>
/// <remarks>Safe for concurrent use: a lock guards the list of the slow.</remarks>
#pragma warning disable CA1001 // A semaphore holds nothing to dispose until someone asks for its wait handle.
internal sealed class QuestionPlaces(int quick, int slow)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _quick = new(quick);
    private readonly LinkedList<CancellationTokenSource> _slow = [];
    private readonly Lock _gate = new();

    /// <summary>Takes a place among the quick, if one is free.</summary>
    public bool TryEnter() => _quick.Wait(0, CancellationToken.None);

    /// <summary>Waits for a place among the quick.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _quick.WaitAsync(cancellationToken);

    /// <summary>Gives a place among the quick back.</summary>
    public void Leave() => _quick.Release();

    /// <summary>From the quick to the slow. Cancelled is <paramref name="givesWay"/> when the place is needed for another.</summary>
    public LinkedListNode<CancellationTokenSource> MoveToSlow(CancellationTokenSource givesWay)
    {
        CancellationTokenSource? longest = null;
        LinkedListNode<CancellationTokenSource> place;
        lock (_gate)
        {
            if (_slow.Count >= slow)
            {
                longest = _slow.First!.Value;
                _slow.RemoveFirst();
            }
            place = _slow.AddLast(givesWay);
        }
        _quick.Release();
        longest?.Cancel();
        return place;
    }

    /// <summary>Gives a place among the slow back, unless it had to be given up.</summary>
    public void LeaveSlow(LinkedListNode<CancellationTokenSource> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
                _slow.Remove(place);
        }
    }
}
