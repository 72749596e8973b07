using Gateway.Lab.Conversations;
using Gateway.Server.Configuration;

namespace Gateway.Playing;

/// <summary>Plays conversations one after the other, in memory or against a server, and shows them at the same time.</summary>
internal sealed class ConversationRunner(IPerformanceView view, TimeSpan patience)
{
    private readonly List<Performance> _performances = [];
    private int _passedOver;

    /// <summary>Every conversation that was played went as its file says.</summary>
    public bool IsFaithful => _performances.TrueForAll(static performance => performance.IsFaithful);

    /// <summary>Shows the totals, after the last conversation.</summary>
    public void Sum() => view.Sum(_performances, _passedOver);

    /// <summary>No conversation could be played.</summary>
    public bool IsEmpty => _performances.Count == 0;

    public void PassOver(Conversation conversation, string reason)
    {
        view.PassOver(conversation, reason);
        _passedOver++;
    }

    /// <exception cref="ConversationFormatException">The configuration that the file asks for is wrong.</exception>
    public static MemoryScene Stage(Conversation conversation)
    {
        try
        {
            return new MemoryScene(conversation);
        }
        catch (ConfigurationException wrong)
        {
            throw new ConversationFormatException([.. wrong.Errors.Select(error => $"{conversation.Path}: {error}")]);
        }
    }

    /// <param name="conversation">The conversation to play.</param>
    /// <param name="scene">The server to play it against.</param>
    /// <param name="cancellationToken">Ends the conversation.</param>
    /// <returns>Null when the server could not be reached.</returns>
    public async Task<Performance?> PlayAsync(Conversation conversation, IScene scene, CancellationToken cancellationToken)
    {
        view.Begin(conversation, scene as LiveScene);
        try
        {
            var performance = await new ConversationPlayer(scene.Time, patience, view.Said).PlayAsync(conversation, scene, Chunking.Whole, cancellationToken);
            view.End(performance);
            _performances.Add(performance);
            return performance;
        }
        catch (CannotConnectException nobody)
        {
            view.Unreachable(conversation, nobody);
            return null;
        }
    }
}
