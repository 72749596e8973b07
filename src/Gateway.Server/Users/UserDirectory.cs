using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Users;

/// <summary>
/// The users of a file. The file is looked at every two seconds, off the mail path, and read again when it has changed; a new file with mistakes
/// changes nothing, and the log says so once. Safe for concurrent use: a login reads a snapshot and never waits for the disk.
/// </summary>
#pragma warning disable CA1001 // Sessions share it from one configuration to the next: the timer ends when nobody holds it any more.
internal sealed class UserDirectory
#pragma warning restore CA1001
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private volatile Snapshot _snapshot;

    /// <exception cref="IOException">The file has mistakes.</exception>
    public UserDirectory(string path, TimeProvider time)
    {
        _path = path;
        var stamp = Stamp.Of(path);
        var (users, errors) = UserFile.Read(path);
        _snapshot = errors.Count == 0 ? new(stamp, users) : throw new IOException(errors[0].ToString());
        _timer = time.CreateTimer(static self => LookIfUsed((WeakReference<UserDirectory>)self!), new WeakReference<UserDirectory>(this), Interval, Interval);
    }

    public string Path => _path;

    /// <summary>Hears of a file that could not be taken, and of one that was.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    public User? Find(string name) => _snapshot.Users.GetValueOrDefault(name);

    private static void LookIfUsed(WeakReference<UserDirectory> weak)
    {
        // A disk that takes longer than the interval is asked once at a time.
        if (weak.TryGetTarget(out var self) && self._gate.TryEnter())
        {
            try
            {
                self.Refresh();
            }
            finally
            {
                self._gate.Exit();
            }
        }
        // Only a timer that is referred to goes on: this is what its owner holds it for.
        GC.KeepAlive(self?._timer);
    }

    /// <summary>Looks at the file now. It waits for the disk, so it is not for a session.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var stamp = Stamp.Of(_path);
            if (stamp == _snapshot.Stamp)
                return;
            var (users, errors) = UserFile.Read(_path);
            _snapshot = errors.Count == 0 ? new(stamp, users) : _snapshot with { Stamp = stamp };
            if (errors.Count == 0)
                UsersLog.Read(Logger, _path, users.Count);
            else
                UsersLog.Kept(Logger, _path, errors.Count, errors[0].ToString());
        }
    }

    /// <summary>The iterations of the costliest hash in the file: what each failed login takes, whoever's it is.</summary>
    public int MostIterations => _snapshot.MostIterations;

    private sealed record Snapshot(Stamp Stamp, IReadOnlyList<User> InOrder)
    {
        // Names have no case: people's keyboards do not agree on one.
        public FrozenDictionary<string, User> Users { get; } = InOrder.ToFrozenDictionary(static user => user.Name, StringComparer.OrdinalIgnoreCase);

        public int MostIterations { get; } = InOrder.Select(static user => user.Password.Count).DefaultIfEmpty(PasswordHash.LeastIterations).Max();
    }

    /// <summary>What tells one version of a file from another without reading it.</summary>
    private readonly record struct Stamp(DateTime Written, long Length)
    {
        public static Stamp Of(string path) => new FileInfo(path) is { Exists: true } file ? new(file.LastWriteTimeUtc, file.Length) : default;
    }
}
