namespace Gateway.Server.Users;

/// <summary>
/// What was heard of lately, by key, bounded in number and age. When it is full the tenth goes that was not heard of for longest. Not safe for
/// concurrent use: its owner has the lock.
/// </summary>
internal sealed class RecentTable<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider time)
    where TKey : notnull
    where TValue : class, new()
{
    private readonly Dictionary<TKey, (TValue Value, long Touched)> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Null when nothing was heard of it for a lifetime.</summary>
    public TValue? Find(TKey key) =>
        _entries.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.Touched) < lifetime ? entry.Value : null;

    /// <summary>Makes it if it is not there.</summary>
    public TValue Touch(TKey key)
    {
        var value = Find(key);
        if (value is null && _entries.Count >= capacity)
            MakeRoom();
        value ??= new();
        _entries[key] = (value, time.GetTimestamp());
        return value;
    }

    private void MakeRoom()
    {
        var old = _entries.OrderBy(static entry => entry.Value.Touched).Select(static entry => entry.Key).Take((capacity / 10) + 1).ToList();
        foreach (var key in old)
            _entries.Remove(key);
    }
}
