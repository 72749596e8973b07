using System.Globalization;
using System.Net.Sockets;

namespace Gateway.Server.Hosting.Listening;

/// <summary>
/// File descriptors that clients leave to the process itself. The runtime needs one now and then, to load an assembly for instance, and ends
/// the process where it gets none; look-ups and deliveries need some, too. Safe for concurrent use.
/// </summary>
/// <param name="limit">The most that the process may have open; null where there is no limit, or it is not known.</param>
/// <param name="countOpen">How many are open.</param>
internal sealed class DescriptorHeadroom(int? limit, Func<int> countOpen)
{
    private const int Least = 64;
    private const int Most = 1024;

    private volatile bool _isShort;

    /// <summary>What clients leave: an eighth, within bounds.</summary>
    public int Size { get; } = Math.Clamp((limit ?? 0) / 8, Least, Most);

    /// <summary>No further client is accepted before <see cref="HasRoomAgain"/>.</summary>
    public bool IsShort => _isShort;

    // Only Linux tells both without more ado. The runtime has raised the limit as far as it may by now.
    public static DescriptorHeadroom OfProcess() =>
        OperatingSystem.IsLinux() ? new(LimitIn(File.ReadLines("/proc/self/limits")), static () => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count()) : new(null, static () => 0);

    /// <summary>The soft limit in the text of <c>/proc/self/limits</c> (proc_pid_limits(5)).</summary>
    internal static int? LimitIn(IEnumerable<string> lines) =>
        lines.FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;

    /// <summary>A client was accepted. True: with it, few descriptors are left, and were enough before.</summary>
    public bool Takes(Socket client)
    {
        // POSIX gives the lowest number that is free, so a high one says that those below it are in use; asking costs nothing.
        if (limit is not { } most || _isShort || (long)client.Handle < most - Size)
            return false;
        return _isShort = true;
    }

    /// <summary>Whether clients may be accepted: half as many more are free than must be left.</summary>
    public bool HasRoomAgain()
    {
        if (_isShort && countOpen() > limit - Size - (Size / 2))
            return false;
        _isShort = false;
        return true;
    }
}
