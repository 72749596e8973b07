namespace Gateway.Fuzzing;

/// <summary>The inputs that are kept: one file each, in tests/Corpora, in a folder named like its reader.</summary>
internal static class Corpus
{
    private static readonly string Root = Find(AppContext.BaseDirectory);

    public static IReadOnlyList<string> Of(Target target) => [.. Directory.EnumerateFiles(Path.Combine(Root, target.Name)).Order(StringComparer.Ordinal)];

    private static string Find(string folder) =>
        Directory.Exists(Path.Combine(folder, "tests", "Corpora")) ? Path.Combine(folder, "tests", "Corpora")
            : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests run outside of the repository"));
}
