using System.Net;
using Gateway.Smtp;

namespace Gateway.Server.Users;

/// <summary>How a login ended.</summary>
public enum LoginResult
{
    Accepted,

    /// <summary>No such user, or another password; which of them is not told. Said after a wait.</summary>
    Wrong,

    /// <summary>Too many wrong ones came before: this one was not looked at.</summary>
    TooMany,

    /// <summary>There is no time to look at it.</summary>
    Busy,
}

/// <summary>The end of a login.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="User">
/// As the users file writes it; a name that is not there as the client gave it, where it looks like one, and else
/// <see cref="Authenticator.NoName"/>: people type their password where their name belongs.
/// </param>
public readonly record struct LoginOutcome(LoginResult Result, string User);

/// <summary>Knows who may log in, and makes guessing slow. One for all listeners; safe for concurrent use.</summary>
public sealed class Authenticator
{
    /// <summary>Stands for what is nobody's name and does not look like one. With its spaces it cannot be a user's.</summary>
    public const string NoName = "(not a name)";

    private const int LongestStranger = 64;

    private readonly UserDirectory _users;
    private readonly PasswordQueue _queue;
    private readonly Guesses _guesses;
    private readonly KnownLogins _known;
    private readonly TimeProvider _time;
    private readonly PasswordHash.Derivation _derive;

    /// <exception cref="IOException">The users file has mistakes.</exception>
    public Authenticator(string file, TimeProvider time)
        : this(new UserDirectory(file, time), PasswordQueue.ForThisMachine(), time)
    {
    }

    internal Authenticator(UserDirectory users, PasswordQueue queue, TimeProvider time, PasswordHash.Derivation? derive = null)
        : this(users, queue, new(time), new(time), time, derive ?? PasswordHash.Pbkdf2)
    {
    }

    private Authenticator(
        UserDirectory users, PasswordQueue queue, Guesses guesses, KnownLogins known, TimeProvider time, PasswordHash.Derivation derive) =>
        (_users, _queue, _guesses, _known, _time, _derive) = (users, queue, guesses, known, time, derive);

    /// <summary>
    /// Who may log in by a file, which is read now, by whoever reads the configuration. Guesses are counted on, whichever file it is: they were made by clients and on names. So are
    /// logins remembered: with the hash that they were checked against.
    /// </summary>
    /// <exception cref="IOException">The file is another one, and has mistakes.</exception>
    public Authenticator With(string file)
    {
        if (file != _users.Path)
            return new(new(file, _time) { Logger = _users.Logger }, _queue, _guesses, _known, _time, _derive);
        _users.Refresh();
        return this;
    }

    /// <summary>Hears of a users file that was changed.</summary>
    public void LogTo(ILogger logger) => _users.Logger = logger;

    /// <param name="client">The client's address, as it is counted.</param>
    /// <param name="credentials">Not kept.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<LoginOutcome> LoginAsync(IPAddress client, PresentedCredentials credentials, CancellationToken cancellationToken)
    {
        var name = credentials.UserName;
        if (_guesses.AreTooMany(client, name))
            return new(LoginResult.TooMany, Recordable(name));
        if (_users.Find(name) is { } user && _known.Knows(user, credentials.Password))
            return new(LoginResult.Accepted, user.Name);

        // The wait begins before the work, so that the two together take no longer than the wait: how long the work took does not
        // show. Where it takes longer than the wait, each failure takes the same work.
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = Task.Delay(_guesses.WaitFor(client, name), _time, answered.Token);
        var outcome = await AskAsync(client, credentials, cancellationToken);
        if (outcome.Result != LoginResult.Wrong)
        {
            await answered.CancelAsync();
            return outcome;
        }
        _guesses.Failed(client, name);
        await wait;
        return outcome;
    }

    private async ValueTask<LoginOutcome> AskAsync(IPAddress client, PresentedCredentials credentials, CancellationToken cancellationToken) =>
        _queue.TryAsk(client, () => Look(credentials)) is { } answer
            ? await answer.WaitAsync(cancellationToken)
            : new(LoginResult.Busy, Recordable(credentials.UserName));

    /// <summary>Runs on a thread of the queue.</summary>
    private LoginOutcome Look(PresentedCredentials credentials)
    {
        if (_users.Find(credentials.UserName) is not { } user)
        {
            PasswordHash.Spend(_users.MostIterations, credentials.Password, _derive);
            return new(LoginResult.Wrong, Recordable(credentials.UserName));
        }
        // Another connection of the same client may have shown it while this one waited for its turn.
        if (_known.Knows(user, credentials.Password))
            return new(LoginResult.Accepted, user.Name);
        if (!user.Password.Matches(credentials.Password, _derive))
        {
            // Users whose hashes are cheaper than others must not be told from those by it, nor from names that nobody has.
            if (_users.MostIterations - user.Password.Count is > 0 and var rest)
                PasswordHash.Spend(rest, credentials.Password, _derive);
            return new(LoginResult.Wrong, user.Name);
        }
        _known.Remember(user, credentials.Password);
        return new(LoginResult.Accepted, user.Name);
    }

    private string Recordable(string name) => _users.Find(name)?.Name ?? (LooksLikeName(name) ? name : NoName);

    // A local part, an address, DOMAIN\user.
    private static bool LooksLikeName(string name) =>
        name.Length <= LongestStranger && name.All(static letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@' or '+' or '\\');
}
