namespace Gateway.Policy.Facts;

/// <summary>Whether the name in HELO is a host's.</summary>
public enum HeloHostStatus
{
    /// <summary>An address literal: nothing to look up.</summary>
    Literal,

    /// <summary>It has an address, or an MX record.</summary>
    Resolves,

    /// <summary>It has neither, or can be no domain's name.</summary>
    DoesNotResolve,

    /// <summary>The DNS could not say.</summary>
    TempError,
}

/// <summary>What the DNS says about the name in HELO or EHLO.</summary>
/// <param name="Status">What was found.</param>
/// <param name="Detail">One sentence that says why, safe to show.</param>
/// <param name="Trail">Each query, its answer and its time.</param>
public sealed record HeloHostFacts(HeloHostStatus Status, string Detail, IReadOnlyList<TrailStep> Trail) : IFactSheet
{
    bool IFactSheet.IsSettled => Status != HeloHostStatus.TempError;
}
