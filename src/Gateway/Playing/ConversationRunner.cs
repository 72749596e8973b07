using Gateway.Lab.Conversations;
using Gateway.Server.Configuration;

namespace Gateway.Playing;

/// <summary>Plays conversations one after the other, in memory or against a server, and shows them while it does.</summary>
internal sealed class ConversationRunner(IPerformanceView view, TimeSpan patience)
{
    private readonly List<Performance> _performances = [];
    private int _passedOver;

    /// <summary>All that were played are as written.</summary>
    public bool IsFaithful => _performances.TrueForAll(static performance => performance.IsFaithful);

    /// <summary>All have been played.</summary>
    public void Sum() => view.Sum(_performances, _passedOver);

    /// <summary>Nothing could be played.</summary>
    public bool IsEmpty => _performances.Count == 0;

    public void PassOver(Conversation conversation, string reason)
    {
        view.PassOver(conversation, reason);
        _passedOver++;
    }

    /// <exception cref="ConversationFormatException">The circumstances that the file asks for cannot be made.</exception>
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

    /// <param name="conversation">What is played.</param>
    /// <param name="scene">Where.</param>
    /// <param name="cancellationToken">Nobody wants to see the rest.</param>
    /// <returns>Null when there was nobody to talk to.</returns>
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
