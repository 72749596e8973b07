using Gateway.Policy.Profiles;

namespace Gateway.Policy.Tests;

/// <summary>The files of config/profiles.</summary>
internal static class BuiltInProfiles
{
    public static IReadOnlyList<string> Files { get; } = [.. Directory.GetFiles(PathOf("config", "profiles"), "*.json").Where(file => Path.GetFileName(file) != "schema.json").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Profile> All { get; } = [.. Files.Select(file => ReadFile(file).Profile!)];

    public static Profile Named(string name) => All.Single(profile => profile.Name == name);

    public static ProfileReading ReadFile(string file) => ProfileReader.Read(File.ReadAllText(file), Path.GetFileNameWithoutExtension(file));

    /// <summary>A place in the repository.</summary>
    public static string PathOf(params string[] path) => Path.Combine([Root(), .. path]);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Gateway.sln stands in no folder above the tests");
        return folder.FullName;
    }
}
