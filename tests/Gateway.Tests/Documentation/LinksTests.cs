using System.Text.RegularExpressions;

namespace Gateway.Tests.Documentation;

/// <summary>The pages of the documentation lead to each other.</summary>
public sealed partial class LinksTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_to_a_heading_that_exist()
    {
        var broken =
            from page in Pages.All
            from line in Pages.ProseOf(page)
            from Match link in LinkPattern().Matches(line)
            let target = link.Groups[1].Value
            where !target.Contains(':', StringComparison.Ordinal) && !Exists(page, target)
            select $"{page}: {target}";

        Assert.Empty(broken);
    }

    [Fact]
    public void The_index_lists_every_page_of_the_documentation()
    {
        var index = File.ReadAllText(Path.Combine(Repository.Root, "docs", "README.md"));

        Assert.All(
            Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(path => Path.GetFileName(path)).Where(name => name != "README.md"),
            name => Assert.Contains($"({name})", index, StringComparison.Ordinal));
    }

    private static bool Exists(string page, string target)
    {
        var parts = target.Split('#');
        var path = parts[0].Length == 0
            ? Path.Combine(Repository.Root, page)
            : Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0]));
        return parts.Length == 1 ? Path.Exists(path) : File.Exists(path) && File.ReadLines(path).Any(line => AnchorOf(line) == parts[1]);
    }

    // The anchor that a web page of this Markdown has for a heading.
    private static string? AnchorOf(string line) => line.StartsWith('#')
        ? DroppedPattern().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')
        : null;

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex DroppedPattern();
}
