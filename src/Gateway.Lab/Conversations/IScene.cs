using Gateway.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Lab.Talking;
using Gateway.Policy;
using Gateway.Policy.Advising;
using Gateway.Smtp;

namespace Gateway.Lab.Conversations;

/// <summary>What the policy decided about a connection.</summary>
public sealed record PolicyDecision(Decision Decision, string? Check);

/// <summary>
/// Where a conversation is played: in memory with everything staged, or against a server that runs somewhere. What a scene
/// cannot do or know is null or false, and the player passes over the lines that ask for it.
/// </summary>
public interface IScene : IAsyncDisposable
{
    /// <summary>The clock of the scene, for the times in the transcript.</summary>
    TimeProvider Time { get; }

    /// <summary>A new connection of the client; the one before it has ended.</summary>
    /// <param name="tell">Hears what was done for it.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    /// <exception cref="CannotConnectException">The server cannot be reached, or not as this client.</exception>
    ValueTask<SmtpConnection> ConnectAsync(Action<string> tell, CancellationToken cancellationToken);

    /// <param name="duration">How much time passes.</param>
    /// <param name="isReplyDue">The client has spoken and heard nothing yet: the server waits for the time, or is about to.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    ValueTask<bool> TryAdvanceAsync(TimeSpan duration, bool isReplyDue, CancellationToken cancellationToken);

    /// <param name="answer">How it answers from here on.</param>
    /// <param name="smartHost">Which of them; null is the usual one.</param>
    bool TryDirect(SmartHostAnswer answer, string? smartHost);

    bool TryMisbehave(FaultChange change);

    /// <summary>What a smart host took so far, oldest first.</summary>
    /// <param name="smartHost">Which of them; null is the usual one.</param>
    IReadOnlyList<CapturedMessage>? TakenBy(string? smartHost);

    /// <summary>Waits for the server's end of the connection to be done, and tells what it decided.</summary>
    ValueTask<PolicyDecision?> EndAsync(CancellationToken cancellationToken);

    /// <summary>What the journal would keep of the connection that has ended, as lines of <c>path: value</c>.</summary>
    IReadOnlyList<string>? Journal { get; }

    /// <summary>What its client would have to publish.</summary>
    ValueTask<Remedy?> AdviseAsync(CancellationToken cancellationToken);

    /// <summary>What may stand behind a difference at the end of this transcript; null where nobody knows.</summary>
    string? HintAt(IReadOnlyList<TranscriptLine> transcript) => null;
}
