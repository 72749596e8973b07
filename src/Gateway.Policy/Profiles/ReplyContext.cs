namespace Gateway.Policy.Profiles;

/// <summary>What a reply says about ourselves.</summary>
/// <param name="Host">Our name, as in the greeting.</param>
/// <param name="Session">The id under which log, dashboard and command line explain this connection.</param>
/// <param name="Url">Where a person finds the explanation; null when the operator offers no such page.</param>
public sealed record ReplyContext(string Host, string Session, string? Url = null)
{
    /// <summary>When the session began, in our time zone; null where there is no session.</summary>
    public DateTimeOffset? Started { get; init; }
}
