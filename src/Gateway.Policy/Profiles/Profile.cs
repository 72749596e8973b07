using Gateway.Policy.Reading;

namespace Gateway.Policy.Profiles;

/// <summary>Whether a profile's words are those of the receiver that it imitates.</summary>
public enum TextOrigin
{
    /// <summary>Our words for a known policy, or a policy of our own.</summary>
    NotAuthentic,

    /// <summary>Theirs, where they are known, and not complete.</summary>
    Abridged,

    /// <summary>Theirs, from the source that is named.</summary>
    Authentic,
}

/// <summary>How the Received field tells what the reverse DNS says.</summary>
public enum ReceivedStyle
{
    /// <summary>RFC 5321 §4.4: the confirmed name, or "unknown".</summary>
    Standard,

    /// <summary>"Perform reverse DNS lookup on incoming messages" of Exchange 2000 and 2003 (KB297412): HELO and PTR name are compared.</summary>
    Exchange2003,
}

/// <summary>A policy as a value: how one receiver behaves. Read by <see cref="ProfileReader"/>.</summary>
/// <param name="Name">As listeners name it.</param>
/// <param name="Summary">One sentence for people who choose.</param>
/// <param name="Source">Where it is known from that a receiver behaves so.</param>
/// <param name="Since">When it did.</param>
/// <param name="Text">Whether the words are theirs.</param>
/// <param name="RefuseAt">The stage at which refusals are spoken; a listener may override it.</param>
/// <param name="Greeting">The lines of 220; null leaves them to the server.</param>
/// <param name="Checks">In the order in which they are asked.</param>
public sealed record Profile(
    string Name,
    string Summary,
    string? Source,
    string? Since,
    TextOrigin Text,
    Stage RefuseAt,
    IReadOnlyList<TextTemplate>? Greeting,
    IReadOnlyList<CheckRule> Checks)
{
    public ReceivedStyle Received { get; init; }

    public ProfileGroup Group { get; init; }

    public ProfileYears Years { get; init; }

    /// <summary>The words for clients that are not refused; null leaves them to the server.</summary>
    public Dialogue? Dialogue { get; init; }
}
