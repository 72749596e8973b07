namespace Gateway.Policy.Facts;

/// <summary>What a lookup found out: whether the DNS settled it, and by which queries.</summary>
internal interface IFactSheet
{
    /// <summary>False: the DNS could not say, and nothing final may rest on it.</summary>
    bool IsSettled { get; }

    /// <summary>Each query, its answer and its time.</summary>
    IReadOnlyList<TrailStep> Trail { get; }
}
