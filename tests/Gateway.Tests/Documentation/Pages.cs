namespace Gateway.Tests.Documentation;

/// <summary>A block of code in a page.</summary>
/// <param name="Page">The path of the page from the root of the repository.</param>
/// <param name="Line">The number of its first line.</param>
/// <param name="Language">The word after the fence; empty where there is none.</param>
/// <param name="Text">The lines between the fences, without the indent of the fence.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Text)
{
    public override string ToString() => $"{Page}:{Line}";
}

/// <summary>The Markdown pages that people read: those of the root and of docs/.</summary>
internal static class Pages
{
    private const string Fence = "```";

    /// <summary>The paths of all pages from the root of the repository.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>The lines of a page.</summary>
    public static string[] LinesOf(string page) => File.ReadAllLines(Path.Combine(Repository.Root, page));

    /// <summary>The lines of a page that are no code.</summary>
    public static IEnumerable<string> ProseOf(string page)
    {
        var isCode = false;
        foreach (var line in LinesOf(page))
        {
            if (line.TrimStart().StartsWith(Fence, StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode)
                yield return line;
        }
    }

    /// <summary>The blocks of code of all pages.</summary>
    public static IEnumerable<CodeBlock> Blocks => All.SelectMany(BlocksOf);

    private static IEnumerable<CodeBlock> BlocksOf(string page)
    {
        var lines = LinesOf(page);
        for (var i = 0; i < lines.Length; i++)
        {
            var indent = lines[i].Length - lines[i].TrimStart().Length;
            if (!lines[i].AsSpan(indent).StartsWith(Fence))
                continue;
            var first = i + 1;
            var last = Array.FindIndex(lines, first, line => line.TrimStart().StartsWith(Fence, StringComparison.Ordinal));
            Assert.True(last > 0, $"{page}:{first}: this block of code has no end");
            yield return new(page, first + 1, lines[i][(indent + Fence.Length)..],
                string.Join('\n', lines[first..last].Select(line => line[Math.Min(indent, line.Length)..])));
            i = last;
        }
    }
}
