using Gateway.Lab.Conversations;

namespace Gateway.Lab.Tests.Conversations;

/// <summary>Plays a conversation against the whole gateway in memory.</summary>
internal static class Play
{
    // Only a failing test waits: nothing in memory is silent for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<Performance> Async(Conversation conversation, Chunking chunking)
    {
        await using var scene = new MemoryScene(conversation);
        return await new ConversationPlayer(TimeProvider.System, Patience)
            .PlayAsync(conversation, scene, chunking, TestContext.Current.CancellationToken);
    }

    public static async Task FaithfullyAsync(Conversation conversation, Chunking chunking)
    {
        var performance = await Async(conversation, chunking);
        Assert.True(performance.IsFaithful, performance.ToString());
    }
}
