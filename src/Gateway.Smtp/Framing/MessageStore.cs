namespace Gateway.Smtp;

/// <summary>
/// Bounds what messages in flight may hold in memory, each and all together; what goes beyond lies in temporary files that
/// vanish with their message (also when the process dies). Shared by all sessions; safe for concurrent use: the one thing
/// that changes is a counter, by interlocked operations.
/// </summary>
public sealed class MessageStore
{
    private readonly Budget _budget;

    /// <param name="folder">For the temporary files; it must exist.</param>
    /// <param name="memoryPerMessage">Octets of one message that stay in memory.</param>
    /// <param name="memoryInAll">
    /// Octets of all messages together. A message that goes to a file has a write buffer of 64 KiB beside them.
    /// </param>
    public MessageStore(string folder, int memoryPerMessage = 1 << 20, long memoryInAll = 256L << 20)
        : this(folder, memoryPerMessage, memoryInAll, new())
    {
    }

    private MessageStore(string folder, int memoryPerMessage, long memoryInAll, Budget budget)
    {
        Folder = folder;
        MemoryPerMessage = memoryPerMessage;
        MemoryInAll = memoryInAll;
        _budget = budget;
    }

    /// <summary>A store with other bounds. Messages that this one holds in memory count there, too.</summary>
    public MessageStore With(string folder, int memoryPerMessage, long memoryInAll) => new(folder, memoryPerMessage, memoryInAll, _budget);

    public static MessageStore Default { get; } = new(Path.GetTempPath());

    public string Folder { get; }
    public int MemoryPerMessage { get; }
    public long MemoryInAll { get; }

    /// <summary>What messages hold in memory now.</summary>
    public long InMemory => Volatile.Read(ref _budget.InMemory);

    internal bool TryReserve(int octets)
    {
        if (Interlocked.Add(ref _budget.InMemory, octets) <= MemoryInAll)
            return true;
        Release(octets);
        return false;
    }

    internal void Release(long octets) => Interlocked.Add(ref _budget.InMemory, -octets);

    /// <summary>Octets in memory, counted for all stores that come from one.</summary>
    private sealed class Budget
    {
        public long InMemory;
    }
}
