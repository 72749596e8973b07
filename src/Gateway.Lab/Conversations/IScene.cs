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
/// The server of a conversation and its surroundings: in memory, where everything can be controlled, or a running server. What a scene cannot do
/// or know is null or false, and the player skips the lines that ask for it.
/// </summary>
public interface IScene : IAsyncDisposable
{
    /// <summary>The clock of the scene, for the times in the transcript.</summary>
    TimeProvider Time { get; }

    /// <summary>Opens a new connection for the client. The connection before it has ended.</summary>
    /// <param name="tell">Told of each step.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="CannotConnectException">The server cannot be reached, or not as this client.</exception>
    ValueTask<SmtpConnection> ConnectAsync(Action<string> tell, CancellationToken cancellationToken);

    /// <param name="duration">How much time passes.</param>
    /// <param name="isReplyDue">The client has sent something and has no reply yet, so the server waits for the time, or is about to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
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

    /// <summary>A possible reason for a difference at the end of this transcript; null when none is known.</summary>
    string? HintAt(IReadOnlyList<TranscriptLine> transcript) => null;
}
