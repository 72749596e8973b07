using Gateway.Policy.Checks;
using Gateway.Policy.Profiles;

namespace Gateway.Policy.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_check_and_every_reason_has_its_place_in_the_docs()
    {
        var lines = File.ReadAllLines(BuiltInProfiles.PathOf("docs", "policy.md"));

        Assert.All(CheckTable.All, check => Assert.Contains($"### {check.Name}", lines));
        Assert.All(CheckTable.All.SelectMany(check => check.Refusals), refusal =>
            Assert.Contains(lines, line => line.StartsWith($"| `{refusal.ReasonId}` |", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_profile_has_its_row_in_the_docs()
    {
        var lines = File.ReadAllLines(BuiltInProfiles.PathOf("docs", "profiles.md"));

        Assert.All(BuiltInProfiles.All, profile =>
            Assert.Contains(lines, line => line.StartsWith($"| `{profile.Name}` |", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_example_in_the_docs_is_a_profile()
    {
        var page = File.ReadAllText(BuiltInProfiles.PathOf("docs", "profiles.md"));
        var example = page.Split("```json\n")[1].Split("```")[0];

        Assert.Empty(ProfileReader.Read(example, "example").Errors);
    }
}
