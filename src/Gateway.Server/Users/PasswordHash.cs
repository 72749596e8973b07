using System.Globalization;
using System.Security.Cryptography;

namespace Gateway.Server.Users;

/// <summary>
/// A password as the users file keeps it: <c>$pbkdf2-sha512$i=210000$SALT$HASH</c> (RFC 8018 §5.2, salt and hash in base64). The
/// count stands beside each hash, so that it can be raised without a day on which nobody can log in.
/// </summary>
public sealed class PasswordHash
{
    /// <summary>What <c>gateway user add</c> writes: OWASP's figure for PBKDF2 with SHA-512.</summary>
    public const int Iterations = 210_000;

    public const int LeastIterations = 1000;
    public const int MostIterations = 10_000_000;
    public const string Form = "$pbkdf2-sha512$i=COUNT$SALT$HASH, as \"gateway user add\" writes it";

    private const string Scheme = "pbkdf2-sha512";
    private const int SaltLength = 16;
    private const int LeastSalt = 8;
    private const int LeastHash = 32;
    private const int Most = 64;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int count, byte[] salt, byte[] hash) => (Count, _salt, _hash) = (count, salt, hash);

    public int Count { get; }

    public ReadOnlySpan<byte> Salt => _salt;

    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>A new hash with a new salt.</summary>
    public static PasswordHash Of(ReadOnlySpan<byte> password, int count = Iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new(count, salt, Rfc2898DeriveBytes.Pbkdf2(password, salt, count, HashAlgorithmName.SHA512, Most));
    }

    /// <summary>The slow work: so many iterations of PBKDF2 with SHA-512.</summary>
    internal delegate void Derivation(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> derived, int iterations);

    internal static Derivation Pbkdf2 { get; } = static (password, salt, derived, iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, derived, iterations, HashAlgorithmName.SHA512);

    /// <summary>Slow, and as slow for a wrong password as for the right one.</summary>
    internal bool Matches(ReadOnlySpan<byte> password, Derivation derive)
    {
        Span<byte> derived = stackalloc byte[_hash.Length];
        derive(password, _salt, derived, Count);
        return CryptographicOperations.FixedTimeEquals(derived, _hash);
    }

    /// <summary>Does the work of a hash with that many iterations, and compares nothing.</summary>
    internal static void Spend(int iterations, ReadOnlySpan<byte> password, Derivation derive)
    {
        Span<byte> derived = stackalloc byte[Most];
        // The salt is as long as those of "gateway user add".
        derive(password, derived[..SaltLength], derived, iterations);
    }

    /// <summary>Null when it is none; then the problem says why.</summary>
    public static PasswordHash? Parse(string text, out string problem)
    {
        problem = $"expected {Form}";
        if (text.Split('$') is not ["", Scheme, ['i', '=', .. var count], var salt, var hash])
            return null;
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < LeastIterations or > MostIterations)
        {
            problem = $"the iteration count must be from {LeastIterations} to {MostIterations}";
            return null;
        }
        if (Octets(salt, LeastSalt) is not { } saltOctets || Octets(hash, LeastHash) is not { } hashOctets)
        {
            problem = $"salt and hash must be base64; the salt has {LeastSalt} to {Most} octets, the hash {LeastHash} to {Most}";
            return null;
        }
        return new(number, saltOctets, hashOctets);
    }

    private static byte[]? Octets(string base64, int least)
    {
        var octets = new byte[Most + 2];
        return Convert.TryFromBase64String(base64, octets, out var length) && length >= least && length <= Most ? octets[..length] : null;
    }

    public override string ToString() => $"${Scheme}$i={Count.ToString(CultureInfo.InvariantCulture)}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}";
}
