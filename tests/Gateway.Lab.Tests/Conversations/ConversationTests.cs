using Gateway.Lab.Conversations;
using Gateway.Lab.Dns;
using Gateway.Lab.Talking;
using Gateway.Tests;

namespace Gateway.Lab.Tests.Conversations;

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
    [InlineData("S: 220 …\n@journal client: 192.0.2.11\n", 3, "another client in the journal")]
    [InlineData("S: 220 …\n@unjournal client: 192.0.2.10\n", 3, "a line of the journal that was not to be there")]
    [InlineData("@record 10.2.0.192.in-addr.arpa. PTR other.lab.test.\nS: 220 …\nC: QUIT\nS: 221 …\n@journal iprev: pass\n", 6, "a record that stands in place of the right one")]
    [InlineData("S: 220 …\n@advice …PTR…\n", 3, "an advice to who needs none")]
    [InlineData("@client 192.0.2.20\nS: 220 …\nC: HELO x.example\nS: 250 …\n@unadvised …in-addr.arpa…\n", 6, "an advice that was not to be given")]
    [InlineData("@client 192.0.2.20\nS: 220 …\n@advice none\n", 4, "no advice to who needs one")]
    [InlineData("S: 220 …\nC: QUIT\nS: 221 …\n@closed\n@verdict reject\n@connect\nS: 220 …\n", 6, "a verdict about the connection before")]
    [InlineData("S: 220 …\nC: QUIT\nS: 221 …\n@closed\n@connect\nS: 554 …\n", 7, "another greeting to the second connection")]
    [InlineData("S: 220 …\n@tls\n", 3, "a handshake that nobody asked for")]
    public async Task A_file_that_is_wrong_fails_and_its_line_is_shown(string text, int? line, string why)
    {
        var performance = await Play.Async(ConversationReader.Read("wrong.smtp", "# Wrong\n" + text), Chunking.Whole);

        Assert.True(!performance.IsFaithful && performance.Difference?.Line == line, $"{why}: {performance}");
        Assert.Contains($"wrong.smtp:{line?.ToString() ?? "end"}:", performance.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_may_come_again_after_the_DNS_was_cured()
    {
        var transcript = new List<TranscriptLine>();
        var conversation = ConversationReader.Read("cure.smtp", """
            # The cure
            @client 209.54.61.76
            @profile aol-2006
            @fault 76.61.54.209.in-addr.arpa nxdomain
            S: 554 …
            C: QUIT
            S: 221 …
            @closed
            @verdict reject require-ptr
            @journal iprev: permerror
            @fault 76.61.54.209.in-addr.arpa none
            @connect
            S* 220-…
            S: 220 …
            C: QUIT
            S: 221 …
            @closed
            @verdict accept
            @journal iprev: pass
            @advice none

            """);
        await using var scene = new MemoryScene(conversation);

        var performance = await new ConversationPlayer(scene.Time, TimeSpan.FromSeconds(20), transcript.Add)
            .PlayAsync(conversation, scene, Chunking.Whole, TestContext.Current.CancellationToken);

        Assert.True(performance.IsFaithful, performance.ToString());
        Assert.Equal(performance.Transcript, transcript);
        Assert.Contains(transcript, line => line is { Speaker: Speaker.Stage, Text: "the client connects again" });
        Assert.All(transcript, line => Assert.Equal(TimeSpan.Zero, line.At));
    }
}
