using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Users;

/// <summary>
/// The users of a file, read again when the file has changed; a new file with mistakes changes nothing, and the log says so
/// once. Reading blocks: only the desk's threads refresh. Safe for concurrent use.
/// </summary>
internal sealed class UserDirectory
{
    private readonly string _path;
    private readonly Lock _gate = new();
    private volatile Snapshot _snapshot;

    /// <exception cref="IOException">The file has mistakes.</exception>
    public UserDirectory(string path)
    {
        _path = path;
        var stamp = Stamp.Of(path);
        var (users, errors) = UserFile.Read(path);
        _snapshot = errors.Count == 0 ? new(stamp, users) : throw new IOException(errors[0].ToString());
    }

    public string Path => _path;

    /// <summary>Hears of a file that could not be taken, and of one that was.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The file is another one than that which was read.</summary>
    public bool IsStale => _snapshot.Stamp != Stamp.Of(_path);

    public User? Find(string name) => _snapshot.Users.GetValueOrDefault(name);

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
