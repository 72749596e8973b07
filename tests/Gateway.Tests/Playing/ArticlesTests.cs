using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Server.Configuration;
using Gateway.Tests.Commands;

namespace Gateway.Tests.Playing;

/// <summary>docs/articles.md: each point of the two articles, what shows it, and the words that are seen there.</summary>
public sealed partial class ArticlesTests(ArticlesTests.Walks walks) : IClassFixture<ArticlesTests.Walks>
{
    private const int Points = 64;

    private static readonly string Docs = Path.Combine(Repository.Root, "docs");
    private static readonly string Page = Path.Combine(Docs, "articles.md");
    private static readonly HashSet<string> Profiles = [.. ProfileLibrary.Load(folder: null).Names];

    private static readonly string[] Numbers =
    [
        "KB153119", "KB166753", "KB198981", "KB265293", "KB297412", "KB322856", "KB322358", "KB840468", "KB924235", "KB249299", "KB257538", "KB304897",
        "KB310356", "KB313395", "KB319065", "KB319356", "KB321721", "KB324958",
    ];

    [Fact]
    public void Every_point_of_the_articles_has_its_line() =>
        Assert.Equal(Enumerable.Range(1, Points), Lines().Where(line => char.IsAsciiDigit(line[0][0])).Select(line => int.Parse(line[0], CultureInfo.InvariantCulture)).Order());

    [Fact]
    public void Every_article_that_is_referred_to_has_its_line() =>
        Assert.Equal(Numbers.Order(), Lines().Where(line => line[0].StartsWith("KB", StringComparison.Ordinal)).Select(line => line[0]).Order());

    [Fact]
    public void What_a_line_refers_to_exists_and_says_the_words_of_the_line()
    {
        foreach (var line in Lines())
        {
            var sources = References(line[^2]).ToList();
            Assert.True(sources.Count > 0, $"{line[0]}: nothing shows it");
            var words = QuotedPattern().Matches(line[^1]).Select(match => match.Groups[1].Value).ToList();
            Assert.True(words.Count > 0, $"{line[0]}: no words");
            Assert.All(words, said => Assert.True(sources.Any(source => source.Contains(said, StringComparison.Ordinal)), $"{line[0]}: \"{said}\" is not said by {line[^2]}"));
        }
    }

    private static IEnumerable<string[]> Lines() => File.ReadLines(Page)
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && (char.IsAsciiDigit(line[2]) || line.StartsWith("| KB", StringComparison.Ordinal)))
        .Select(line => line.Trim('|').Split(" | ").Select(cell => cell.Trim()).ToArray());

    // The texts of all that a cell refers to; what does not exist fails.
    private IEnumerable<string> References(string cell)
    {
        foreach (var part in cell.Split(", "))
            yield return Collapsed(part switch
            {
                _ when RowPattern().Match(part) is { Success: true } row => walks.Row(row.Groups[2].Value, int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture)),
                _ when BeginningPattern().Match(part) is { Success: true } beginning => walks.Row(beginning.Groups[1].Value, null),
                _ when ProfilePattern().Match(part) is { Success: true } profile => Profile(profile.Groups[1].Value),
                _ when LinkPattern().Match(part) is { Success: true } link => Linked(link.Groups[1].Value, link.Groups[2].Value),
                _ => throw new FormatException($"\"{part}\" is no row, profile or link"),
            });
    }

    private static string Profile(string name)
    {
        Assert.Contains(name, Profiles);
        return File.ReadAllText(Path.Combine(Repository.Root, "config", "profiles", name + ".json"));
    }

    private static string Linked(string path, string anchor)
    {
        var text = File.ReadAllText(path.Length == 0 ? Page : Path.GetFullPath(Path.Combine(Docs, path)));
        if (anchor.Length > 0)
            Assert.Contains(text.Split('\n'), line => line.StartsWith('#') && line.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-') == anchor);
        return text;
    }

    // Where lines are broken is no matter of what they say.
    private static string Collapsed(string text) => SpacePattern().Replace(text, " ");

    /// <summary>Both walks as they are printed, made once for all tests here.</summary>
    public sealed class Walks : IAsyncLifetime
    {
        private readonly Dictionary<string, string> _printed = [];

        public async ValueTask InitializeAsync()
        {
            foreach (var name in new[] { "kb300171", "kb895853" })
                _printed[name] = (await CommandRun.RunAsync("lab", "--scenario", name)).Output;
        }

        /// <param name="scenario">Its name.</param>
        /// <param name="number">Null is what stands before the first row.</param>
        public string Row(string scenario, int? number)
        {
            var rows = RowHeadPattern().Split(_printed[scenario]);
            if (number is null)
                return rows[0];
            var at = Array.FindIndex(rows, row => row.StartsWith($"Row {number}. ", StringComparison.Ordinal));
            Assert.True(at > 0, $"{scenario} has no row {number}");
            return rows[at];
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    [GeneratedRegex("^row ([0-9]+) of (kb[0-9]+)$")]
    private static partial Regex RowPattern();

    [GeneratedRegex("^the beginning of (kb[0-9]+)$")]
    private static partial Regex BeginningPattern();

    [GeneratedRegex("^profile ([a-z0-9-]+)$")]
    private static partial Regex ProfilePattern();

    [GeneratedRegex(@"^\[[^\]]+\]\(([^)#]*)#?([^)]*)\)$")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex QuotedPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacePattern();

    // A line of hyphens stands before each row.
    [GeneratedRegex(@"^-{80}\n", RegexOptions.Multiline)]
    private static partial Regex RowHeadPattern();
}
