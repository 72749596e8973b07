namespace Gateway.Smtp;

/// <summary>
/// What the handler has decided about a command. A positive reply lets the command happen; after a negative reply nothing has changed.
/// </summary>
/// <param name="Reply">The reply to the client; null lets the command happen and leaves the words to the server.</param>
public readonly record struct CommandOutcome(Reply? Reply)
{
    /// <summary>Who refused the command, if it was refused.</summary>
    public Refuser Refuser { get; init; }

    /// <summary>Why the session ends after this reply; null when it goes on, or when the reply is 421 and says nothing else.</summary>
    public SessionEnd? End { get; init; }

    public bool IsRefusal => Reply is { IsPositive: false };

    public static implicit operator CommandOutcome(Reply? reply) => new(reply);
}

/// <summary>Who refused a command.</summary>
public enum Refuser
{
    /// <summary>The server itself, because of its policy, a limit or an error of the client.</summary>
    Server,

    /// <summary>Relay control: the recipient is not served here, and the client may not relay.</summary>
    RelayControl,

    /// <summary>The next hop, in its own words.</summary>
    NextHop,
}

/// <summary>What the handler has decided about credentials.</summary>
/// <param name="Reply">235 2.7.0, or why not.</param>
/// <param name="User">The user as which the client is now authenticated; null when the login failed.</param>
public readonly record struct AuthenticationOutcome(Reply Reply, string? User);
