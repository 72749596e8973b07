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
    public Task The_gateway_answers_as_the_file_says_however_the_octets_are_cut(string file, Chunking chunking) =>
        Play.FaithfullyAsync(ConversationReader.Read(Path.Combine(Folder, file)), chunking);

    [Fact]
    public void The_lab_zones_have_no_mistakes() => Assert.Empty(LabZones.Errors);

    [Theory]
    [InlineData("S: 220 …\nC: NOOP\nS: 250 2.0.0 …\nC: QUIT\nS: 250 wrong\n", 6, "a wrong reply")]
    [InlineData("S: 220 …\nC: QUIT\nS: 221 …\n@verdict reject\n", 5, "a wrong verdict")]
    [InlineData("S: 220 …\n@relayed 1\n", 3, "a message that was never relayed")]
    [InlineData("S: 220 …\n@message Subject: x\n", 3, "a line of a message that was never relayed")]
    [InlineData("S: 220 …\nC: NOOP\n", null, "a reply that the file does not tell")]
    public async Task A_file_that_is_wrong_fails_and_its_line_is_shown(string text, int? line, string why)
    {
        var performance = await Play.Async(ConversationReader.Read("wrong.smtp", "# Wrong\n" + text), Chunking.Whole);

        Assert.True(!performance.IsFaithful && performance.Difference?.Line == line, $"{why}: {performance}");
        Assert.Contains($"wrong.smtp:{line?.ToString() ?? "end"}:", performance.ToString(), StringComparison.Ordinal);
    }
}
