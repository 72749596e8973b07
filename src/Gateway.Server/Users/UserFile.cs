using System.Text;

namespace Gateway.Server.Users;

/// <summary>Somebody who may log in. No record, so that nothing prints the hash by accident.</summary>
public sealed class User(string name, PasswordHash password)
{
    public string Name => name;

    public PasswordHash Password => password;

    public override string ToString() => name;
}

/// <summary>A mistake in a users file.</summary>
/// <param name="File">Its path.</param>
/// <param name="Line">Counted from 1; 0 for the file as a whole.</param>
/// <param name="Reason">Never quotes the line: it holds a hash.</param>
public sealed record UserFileError(string File, int Line, string Reason)
{
    /// <summary><c>path:line:</c>, as compilers write it.</summary>
    public string Place => Line == 0 ? $"{File}:" : $"{File}:{Line}:";

    public override string ToString() => $"{Place} {Reason}";
}

/// <summary>The users file: <c>name:hash</c>, a line each; empty lines and those that begin with # say nothing.</summary>
public static class UserFile
{
    public const int MaxName = 255;

    // A hundred thousand users are 18 MB.
    private const int MaxFile = 64 << 20;

    /// <summary>All users, and all mistakes: a file with any is not to be used.</summary>
    public static (IReadOnlyList<User> Users, IReadOnlyList<UserFileError> Errors) Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                return ([], [new(path, 0, "does not exist: \"gateway user add NAME --file FILE\" creates it")]);
            if (new FileInfo(path) is { Exists: true, Length: > MaxFile })
                return ([], [new(path, 0, $"is larger than {MaxFile} octets")]);
            return Parse(path, File.ReadAllLines(path, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return ([], [new(path, 0, error is DecoderFallbackException ? "is not UTF-8" : $"cannot be read ({error.Message})")]);
        }
    }

    internal static (IReadOnlyList<User> Users, IReadOnlyList<UserFileError> Errors) Parse(string path, IReadOnlyList<string> lines)
    {
        var users = new List<User>();
        var errors = new List<UserFileError>();
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < lines.Count; i++)
        {
            if (NameIn(lines[i]) is null && IsSilent(lines[i]))
                continue;
            if (Problem(lines[i], out var user) is { } reason)
                errors.Add(new(path, i + 1, reason));
            else if (!places.TryAdd(user!.Name, i + 1))
                errors.Add(new(path, i + 1, $"line {places[user.Name]} has this user already (upper and lower case are the same): delete one of the two lines"));
            else
                users.Add(user);
        }
        return (users, errors);
    }

    private static string? Problem(string line, out User? user)
    {
        user = null;
        if (NameIn(line) is not { } name)
            return $"expected name:{PasswordHash.Form}";
        if (WhyNoName(name) is { } reason)
            return reason;
        if (PasswordHash.Parse(line[(name.Length + 1)..].TrimEnd(), out var problem) is not { } password)
            return problem;
        user = new(name, password);
        return null;
    }

    private static bool IsSilent(string line) => line.AsSpan().Trim() is [] or ['#', ..];

    /// <summary>The name that a line is about; null when it is about none.</summary>
    internal static string? NameIn(string line) =>
        !IsSilent(line) && line.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? line[..colon] : null;

    /// <summary>Null when it may be a user's name: a local part or an address, say.</summary>
    public static string? WhyNoName(string name) =>
        name.Length == 0 ? "the name is missing"
        : name.Length > MaxName || Encoding.UTF8.GetByteCount(name) > MaxName ? $"a name may have at most {MaxName} octets"
        : name[0] == '#' ? "a name must not begin with #"
        : name.Any(static letter => char.IsControl(letter) || char.IsWhiteSpace(letter) || letter == ':') ? "a name must not contain a colon, a space or a control character"
        : !IsWellFormed(name) ? "a name must be valid Unicode text"
        : null;

    private static bool IsWellFormed(string name) => name.EnumerateRunes().All(static rune => rune != Rune.ReplacementChar);
}
