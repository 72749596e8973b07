using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>
/// One question of the policy. Its class, its name in configuration, log and docs are the same words. A check only reads
/// facts: it looks nothing up itself and holds no state, so one object serves all connections.
/// </summary>
public interface IPolicyCheck
{
    /// <summary>As in configuration, log and docs: <c>require-ptr</c>.</summary>
    string Name { get; }

    /// <summary>The earliest stage at which it can be judged; its answer holds until what that stage says is said anew.</summary>
    Stage Stage { get; }

    /// <summary>Every reason it can have to refuse, with the words that are spoken unless the profile has its own.</summary>
    IReadOnlyList<Refusal> Refusals { get; }

    /// <summary>Starts what <see cref="JudgeAsync"/> will wait for, when the stage is reached and judging comes later.</summary>
    void Prepare(PolicyFacts facts)
    {
    }

    ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken);
}
