namespace Gateway.Server.Journal.Statistics;

/// <summary>What the policy did, or would have done, in a span of whole hours.</summary>
public sealed record StatisticsReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>Null when the journal is empty. Later than <see cref="From"/>: the journal does not go so far back.</summary>
    public DateTimeOffset? JournalBegins { get; init; }

    /// <summary>The profile that is asked about; null for what the listeners' own profiles did.</summary>
    public string? Profile { get; init; }

    public long Sessions { get; init; }

    /// <summary>Transactions, and sessions that got to none.</summary>
    public long Attempts { get; init; }

    /// <summary>Messages that a next hop took.</summary>
    public long Delivered { get; init; }

    /// <summary>Attempts in which something was refused and nothing delivered, with a 5yz reply.</summary>
    public long Refused { get; init; }

    /// <summary>Attempts in which something was refused and nothing delivered, with a 4yz reply: the client was told to try again.</summary>
    public long Deferred { get; init; }

    /// <summary>Of the deferred: messages that the smart host had and did not confirm. Each may exist twice.</summary>
    public long InDoubt { get; init; }

    /// <summary>What <see cref="Profile"/> would have done; null when none is asked about.</summary>
    public HindsightCount? Hindsight { get; init; }

    /// <summary>Those that had something against a client, relay control and the smart host among them; the most first.</summary>
    public IReadOnlyList<CheckCount> Checks { get; init; } = [];

    /// <summary>Who authenticated, or was said to; the most recipients first.</summary>
    public IReadOnlyList<UserCount> Users { get; init; } = [];
}

/// <summary>What one user name did, and from where; failed logins are also of names that nobody has.</summary>
public sealed record UserCount
{
    public required string User { get; init; }
    public long Sessions { get; init; }

    /// <summary>Delivered.</summary>
    public long Messages { get; init; }

    public long Recipients { get; init; }
    public long Octets { get; init; }
    public long FailedLogins { get; init; }

    /// <summary>Addresses from which it was used or tried; <see cref="Clients"/> names the first of them.</summary>
    public long ClientCount { get; init; }

    /// <summary>By recipients and failed logins together.</summary>
    public IReadOnlyList<SenderCount> Clients { get; init; } = [];
}

/// <summary>What a profile would have made of the attempts.</summary>
public sealed record HindsightCount
{
    public long Refused { get; init; }
    public long Deferred { get; init; }

    /// <summary>Of the refused and the deferred: messages that were delivered in fact.</summary>
    public long Delivered { get; init; }

    /// <summary>Attempts for which it cannot be said, because a check that the profile enforces was not asked.</summary>
    public long Unknown { get; init; }

    /// <summary>The checks that the profile enforces, and that were not always asked.</summary>
    public IReadOnlyList<string> Unasked { get; init; } = [];
}

/// <summary>What one check found against clients, or what relay control or the smart host refused. Counts are attempts.</summary>
public sealed record CheckCount
{
    /// <summary>The check's name; <c>relay-control</c> and <c>smart-host</c> for those two.</summary>
    public required string Check { get; init; }

    /// <summary>The check was enforced, and decided.</summary>
    public long Refused { get; init; }

    public long Deferred { get; init; }

    /// <summary>The check was monitored; or, asked about a profile, what that would have done.</summary>
    public long WouldRefuse { get; init; }

    public long WouldDefer { get; init; }

    /// <summary>Of all these: messages that were delivered in fact.</summary>
    public long Delivered { get; init; }

    public IReadOnlyList<SenderCount> Clients { get; init; } = [];
    public IReadOnlyList<SenderCount> Names { get; init; } = [];
    public IReadOnlyList<SenderCount> Domains { get; init; } = [];

    [System.Text.Json.Serialization.JsonIgnore]
    public long InAll => Refused + Deferred + WouldRefuse + WouldDefer;
}

/// <summary>Who came how often: an address, a name or a domain; empty for those without. Only a name can be unconfirmed.</summary>
public sealed record SenderCount(string Who, long Count, bool? IsConfirmed = null);
