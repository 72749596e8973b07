using Gateway.Lab;

namespace Gateway.Cli.Playing;

/// <summary>Shows conversations while they are played.</summary>
internal interface IPerformanceView
{
    /// <param name="conversation">What is about to be played.</param>
    /// <param name="server">Against whom; null in memory.</param>
    void Begin(Conversation conversation, string? server);

    void Said(TranscriptLine line);

    void End(Performance performance);

    void Unreachable(Conversation conversation, CannotConnectException reason);

    /// <summary>All have been played.</summary>
    void Sum(IReadOnlyList<Performance> performances);
}
