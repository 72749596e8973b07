namespace Gateway.Smtp;

/// <summary>
/// Bounds what messages in flight may hold in memory, each and all together; what goes beyond lies in temporary files that
/// vanish with their message (also when the process dies). Shared by all sessions; safe for concurrent use.
/// </summary>
public sealed class MessageStore
{
    /// <param name="folder">For the temporary files; it must exist.</param>
    /// <param name="memoryPerMessage">Octets of one message that stay in memory.</param>
    /// <param name="memoryInAll">Octets of all messages together.</param>
    public MessageStore(string folder, int memoryPerMessage = 1 << 20, long memoryInAll = 256L << 20)
    {
        Folder = folder;
        MemoryPerMessage = memoryPerMessage;
        MemoryInAll = memoryInAll;
    }

    public static MessageStore Default { get; } = new(Path.GetTempPath());

    public string Folder { get; }
    public int MemoryPerMessage { get; }
    public long MemoryInAll { get; }
}
