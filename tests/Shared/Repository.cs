namespace Gateway.Tests;

/// <summary>Where the sources lie: tests play the files that are documentation too.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Gateway.sln")) ? folder : Find(Path.GetDirectoryName(folder)
            ?? throw new InvalidOperationException("the tests run outside the repository"));
}
