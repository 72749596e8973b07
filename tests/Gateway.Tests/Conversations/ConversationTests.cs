using Gateway.Lab;

namespace Gateway.Tests.Conversations;

/// <summary>Every file of tests/Conversations, played against the whole inbound stack.</summary>
public sealed class ConversationTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Conversations");

    public static TheoryData<string, Chunking> Files()
    {
        var data = new TheoryData<string, Chunking>();
        foreach (var path in Directory.GetFiles(Folder, "*.smtp", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            foreach (var chunking in Enum.GetValues<Chunking>())
                data.Add(Path.GetRelativePath(Folder, path).Replace('\\', '/'), chunking);
        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_gateway_answers_as_the_file_says_however_the_octets_are_cut(string file, Chunking chunking)
    {
        var conversation = ConversationReader.Read(Path.Combine(Folder, file));
        await using var scene = new MemoryScene(conversation);
        var player = new ConversationPlayer(TimeProvider.System, TimeSpan.FromSeconds(30));

        var performance = await player.PlayAsync(conversation, scene, chunking, TestContext.Current.CancellationToken);

        Assert.True(performance.IsFaithful, performance.ToString());
    }

    [Fact]
    public void The_lab_zones_have_no_mistakes() => Assert.Empty(LabZones.Errors);

    [Fact]
    public async Task A_wrong_line_fails_and_is_shown()
    {
        var conversation = ConversationReader.Read("wrong.smtp", "# Wrong\nS: 220 …\nC: NOOP\nS: 250 2.0.0 …\nC: QUIT\nS: 250 this is wrong\n");
        await using var scene = new MemoryScene(conversation);
        var player = new ConversationPlayer(TimeProvider.System, TimeSpan.FromSeconds(30));

        var performance = await player.PlayAsync(conversation, scene, Chunking.Whole, TestContext.Current.CancellationToken);

        Assert.Equal(6, performance.Difference?.Line);
        Assert.Contains("250 this is wrong", performance.ToString(), StringComparison.Ordinal);
    }
}
