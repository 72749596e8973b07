using Gateway.Policy;

namespace Gateway.Lab;

/// <summary>What the policy decided about a connection.</summary>
public sealed record PolicyDecision(Decision Decision, string? Check);

/// <summary>
/// Where a conversation is played: in memory with everything staged, or against a server that runs somewhere. What a scene
/// cannot do or know is null or false, and the player passes over the lines that ask for it.
/// </summary>
public interface IScene : IAsyncDisposable
{
    /// <summary>The client's end of the connection.</summary>
    Stream Connection { get; }

    bool TryAdvance(TimeSpan duration);

    bool TryDirect(SmartHostAnswer answer);

    /// <summary>What the smart host took so far, oldest first.</summary>
    IReadOnlyList<CapturedMessage>? Relayed { get; }

    /// <summary>Waits for the server's end of the connection to be done, and tells what it decided.</summary>
    ValueTask<PolicyDecision?> EndAsync(CancellationToken cancellationToken);
}
