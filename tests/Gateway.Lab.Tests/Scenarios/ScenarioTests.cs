using Gateway.Lab.Conversations;
using Gateway.Lab.Scenarios;
using Gateway.Tests;

namespace Gateway.Lab.Tests.Scenarios;

/// <summary>The scripts that come with the program, and the tables that they walk through.</summary>
public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Conversations");

    [Fact]
    public void Both_articles_are_there() => Assert.Equal(["kb300171", "kb895853"], ScenarioFolder.Names);

    [Theory]
    [InlineData("kb300171", 1, 12)]
    [InlineData("kb895853", 20, 31)]
    public void Every_row_of_the_table_has_its_section(string name, int first, int last) =>
        Assert.Equal(Enumerable.Range(first, last - first + 1), Read(name).Rows.Select(row => row.Number));

    [Theory]
    [InlineData("kb300171")]
    [InlineData("kb895853")]
    public void Every_conversation_of_the_folder_is_played_in_the_row_that_it_names(string name)
    {
        var played = Read(name).Rows.SelectMany(row => row.Files.Select(file => (file, row.Number))).ToList();

        Assert.Equal(
            Directory.GetFiles(Path.Combine(Folder, name), "*.smtp").Select(Path.GetFileName).Order(StringComparer.Ordinal),
            played.Select(play => play.file).Order(StringComparer.Ordinal));
        Assert.All(played, play => Assert.StartsWith($"row-{play.Number:00}-", play.file, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kb300171", "KB300171, reverse DNS:")]
    [InlineData("kb895853", "KB895853 and KB304897, relaying:")]
    public void The_table_of_the_documentation_has_the_rows_of_the_scenario_in_their_order(string name, string begin) =>
        Assert.Equal(Read(name).Rows.Select(row => row.Number), LabTable.After(begin).Select(row => row.Number).Distinct());

    [Theory]
    [InlineData("kb300171", "KB300171, reverse DNS:")]
    [InlineData("kb895853", "KB895853 and KB304897, relaying:")]
    public void What_the_table_says_is_seen_is_played_in_that_row(string name, string begin)
    {
        var rows = Read(name).Rows.ToDictionary(row => row.Number);
        foreach (var row in LabTable.After(begin))
        {
            var played = rows[row.Number].Files.Select(file => ConversationReader.Read(Path.Combine(Folder, name, file))).ToList();
            var profiles = played.Select(conversation => conversation.Setting.Profile).ToHashSet();
            Assert.All(row.Profiles, profile => Assert.True(profiles.Contains(profile), $"no conversation of row {row.Number} has the profile {profile}"));
            var replies = string.Join('\n', played.SelectMany(conversation => conversation.Steps.OfType<Step.Expect>()).Select(expect => expect.Pattern.Text));
            Assert.All(row.Replies, reply => Assert.True(
                replies.Contains(reply, StringComparison.Ordinal), $"no conversation of row {row.Number} hears {reply}"));
        }
    }

    [Theory]
    [InlineData("kb300171", "KB300171, reverse DNS:")]
    [InlineData("kb895853", "KB895853 and KB304897, relaying:")]
    public void What_the_table_says_the_administrator_saw_the_scenario_tells_too(string name, string begin)
    {
        var rows = Read(name).Rows.ToDictionary(row => row.Number);
        foreach (var row in LabTable.After(begin).GroupBy(row => row.Number))
        {
            var told = LabTable.Codes(string.Join(' ', rows[row.Key].Told(ScenarioTopic.Administrator)));
            Assert.All(row.SelectMany(line => line.Saw), code => Assert.True(told.Contains(code), $"row {row.Key} of the scenario does not tell of {code}"));
        }
    }

    [Fact]
    public void What_the_program_carries_is_what_the_folder_holds()
    {
        using var unpacked = ScenarioFolder.Unpack("kb300171");
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, "kb300171")))
            Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(unpacked.Path, Path.GetFileName(file))));
        Assert.True(File.Exists(Path.Combine(unpacked.Path, "..", "profiles", "sender-match.json")));
    }

    private static Scenario Read(string name)
    {
        var path = Path.Combine(Folder, name, "scenario.md");
        return ScenarioReader.Read(path, File.ReadAllText(path));
    }
}
