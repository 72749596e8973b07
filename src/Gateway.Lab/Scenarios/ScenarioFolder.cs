using System.Reflection;
using Gateway.Lab.Conversations;

namespace Gateway.Lab.Scenarios;

/// <summary>
/// Unpacks a built-in scenario into a temporary folder, because its conversations name profile files beside them.
/// </summary>
public sealed class ScenarioFolder : IDisposable
{
    private const string Prefix = "conversations/";
    private const string Script = "/scenario.md";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("gateway-scenario-");

    private ScenarioFolder(string name) => Path = System.IO.Path.Combine(_root.FullName, name);

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Resources().Where(static name => name.EndsWith(Script, StringComparison.Ordinal))
            .Select(static name => name[Prefix.Length..^Script.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The folder with the scenario's conversations.</summary>
    public string Path { get; }

    /// <param name="name">One of <see cref="Names"/>.</param>
    public static ScenarioFolder Unpack(string name)
    {
        var folder = new ScenarioFolder(name);
        foreach (var resource in Resources())
        {
            var file = System.IO.Path.Combine(folder._root.FullName, resource[Prefix.Length..]);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            using var from = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
            using var to = File.Create(file);
            from.CopyTo(to);
        }
        return folder;
    }

    /// <exception cref="ConversationFormatException">The scenario has mistakes; the exception lists all of them.</exception>
    public Scenario Read()
    {
        var script = Path + Script;
        return ScenarioReader.Read(script, File.ReadAllText(script));
    }

    private static IEnumerable<string> Resources() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal));

    public void Dispose() => _root.Delete(recursive: true);
}
