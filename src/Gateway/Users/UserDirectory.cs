using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Users;

/// <summary>
/// The users of a file, read again when the file has changed; a new file with mistakes changes nothing, and the log says so
/// once. Reading blocks: only the desk's threads refresh. Safe for concurrent use.
/// </summary>
internal sealed class UserDirectory
{
    private readonly string _path;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
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

    /// <summary>
    /// A hash that nobody's password has, for a name that nobody has: one that costs what some user's costs, and always the
    /// same one's, so that time does not tell which names exist.
    /// </summary>
    public PasswordHash DecoyFor(string name)
    {
        var users = _snapshot.InOrder;
        if (users.Count == 0)
            return PasswordHash.Of(_key, PasswordHash.LeastIterations);
        var digest = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name.ToUpperInvariant()));
        return users[(int)(BitConverter.ToUInt32(digest) % (uint)users.Count)].Password;
    }

    private sealed record Snapshot(Stamp Stamp, IReadOnlyList<User> InOrder)
    {
        // Names have no case: people's keyboards do not agree on one.
        public FrozenDictionary<string, User> Users { get; } = InOrder.ToFrozenDictionary(static user => user.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What tells one version of a file from another without reading it.</summary>
    private readonly record struct Stamp(DateTime Written, long Length)
    {
        public static Stamp Of(string path) => new FileInfo(path) is { Exists: true } file ? new(file.LastWriteTimeUtc, file.Length) : default;
    }
}
