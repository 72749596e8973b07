namespace Gateway.Policy.Facts;

/// <summary>A lookup that was begun, whatever it is about.</summary>
internal interface IFact
{
    /// <summary>Ended, and the DNS settled it.</summary>
    bool IsSettled { get; }

    /// <summary>Empty while the lookup is under way.</summary>
    IReadOnlyList<TrailStep> Trail { get; }
}

/// <summary>A lookup that was begun once, and what it found when it has ended.</summary>
internal sealed class Fact<T>(Task<T> asking) : IFact
    where T : class, IFactSheet
{
    public Task<T> Asking => asking;

    /// <summary>Never waits.</summary>
    public T? IfKnown => asking is { IsCompletedSuccessfully: true } ? asking.GetAwaiter().GetResult() : null;

    public bool IsSettled => IfKnown is { IsSettled: true };

    public IReadOnlyList<TrailStep> Trail => IfKnown?.Trail ?? [];
}
