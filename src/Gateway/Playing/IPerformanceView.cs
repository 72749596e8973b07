using Gateway.Lab.Conversations;
using Gateway.Lab.Talking;

namespace Gateway.Playing;

/// <summary>Shows conversations while they are played.</summary>
internal interface IPerformanceView
{
    /// <param name="conversation">What is about to be played.</param>
    /// <param name="live">The server that runs; null in memory.</param>
    void Begin(Conversation conversation, LiveScene? live);

    void Said(TranscriptLine line);

    void End(Performance performance);

    void Unreachable(Conversation conversation, CannotConnectException reason);

    /// <summary>It cannot be played here.</summary>
    void PassOver(Conversation conversation, string reason);

    /// <summary>All have been played that can be.</summary>
    void Sum(IReadOnlyList<Performance> performances, int passedOver);
}
