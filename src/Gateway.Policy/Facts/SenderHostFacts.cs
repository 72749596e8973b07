using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>Whether the sender's domain holds the client's address.</summary>
public enum SenderHostStatus
{
    /// <summary>The domain itself or one of its mail hosts has it.</summary>
    Found,

    /// <summary>None has it.</summary>
    NotFound,

    /// <summary>The DNS could not say.</summary>
    TempError,
}

/// <summary>Where the mail of the sender's domain is taken in, compared with where it comes from.</summary>
/// <param name="Status">What was found.</param>
/// <param name="Host">Whose address it is; null when it is nobody's.</param>
/// <param name="Detail">One sentence that says why, safe to show.</param>
/// <param name="Trail">Each query, its answer and its time.</param>
public sealed record SenderHostFacts(SenderHostStatus Status, DomainName? Host, string Detail, IReadOnlyList<TrailStep> Trail) : IFactSheet
{
    bool IFactSheet.IsSettled => Status != SenderHostStatus.TempError;
}
