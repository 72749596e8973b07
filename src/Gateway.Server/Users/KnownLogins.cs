using System.Security.Cryptography;

namespace Gateway.Server.Users;

/// <summary>
/// Remembers for a few minutes who has just shown the right password, so that a client with a connection for each message
/// costs one slow hash. Kept is a keyed digest (HMAC) of the password and of the stored hash; the key lives and dies with the
/// process, and a password that was changed is unknown at once. Safe for concurrent use.
/// </summary>
internal sealed class KnownLogins(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int Capacity = 10_000;
    private const int MostOctets = 2048;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(64);
    private readonly Lock _gate = new();
    private readonly RecentTable<string, Login> _logins = new(Capacity, Lifetime, time);

    public bool Knows(User user, ReadOnlySpan<byte> password)
    {
        byte[]? known;
        lock (_gate)
            known = _logins.Find(user.Name)?.Digest;
        return known is not null && CryptographicOperations.FixedTimeEquals(known, Digest(user, password));
    }

    public void Remember(User user, ReadOnlySpan<byte> password)
    {
        var digest = Digest(user, password);
        lock (_gate)
            _logins.Touch(user.Name).Digest = digest;
    }

    private byte[] Digest(User user, ReadOnlySpan<byte> password)
    {
        Span<byte> octets = stackalloc byte[MostOctets];
        user.Password.Salt.CopyTo(octets);
        user.Password.Hash.CopyTo(octets[user.Password.Salt.Length..]);
        var length = user.Password.Salt.Length + user.Password.Hash.Length;
        password.CopyTo(octets[length..]);
        var digest = HMACSHA512.HashData(_key, octets[..(length + password.Length)]);
        CryptographicOperations.ZeroMemory(octets);
        return digest;
    }

    private sealed class Login
    {
        public byte[]? Digest { get; set; }
    }
}
