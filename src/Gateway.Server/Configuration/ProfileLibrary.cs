using Gateway.Policy.Profiles;

namespace Gateway.Server.Configuration;

/// <summary>
/// All profiles that listeners can name: the built-in ones, and those of a folder, which win. Safe for concurrent use.
/// </summary>
public sealed class ProfileLibrary
{
    private const string Suffix = ".json";
    private const string ResourcePrefix = "profiles/";

    /// <summary>Stands beside the profiles for editors, who find it by "$schema".</summary>
    private const string Schema = "schema";

    // A built-in profile is read once, when somebody first asks for it: a gateway uses one or two of some eighty, and starts sooner.
    private static readonly Lazy<ProfileLibrary> BuiltIn = new(ListBuiltIn);

    private readonly SortedDictionary<string, Lazy<Entry>> _entries;
    private readonly List<ConfigurationError> _errors = [];

    private ProfileLibrary(IDictionary<string, Lazy<Entry>> entries) => _entries = new(entries, StringComparer.Ordinal);

    private sealed record Entry(Profile Profile, string Json);

    public IEnumerable<Profile> Profiles => _entries.Values.Select(static entry => entry.Value.Profile);

    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>What is wrong with the files of the folder, each with file and place.</summary>
    public IReadOnlyList<ConfigurationError> Errors => _errors;

    public Profile? Find(string name) => _entries.GetValueOrDefault(name)?.Value.Profile;

    /// <summary>The text of the file that a profile was read from: JSON with comments; null when there is no such profile.</summary>
    public string? TextOf(string name) => _entries.GetValueOrDefault(name)?.Value.Json;

    /// <param name="folder">NAME.json each; null for the built-in ones only.</param>
    public static ProfileLibrary Load(string? folder)
    {
        if (folder is null || !Directory.Exists(folder))
            return BuiltIn.Value;
        var library = new ProfileLibrary(BuiltIn.Value._entries);
        library.AddFolder(folder);
        return library;
    }

    private static ProfileLibrary ListBuiltIn()
    {
        var entries = new Dictionary<string, Lazy<Entry>>();
        foreach (var resource in typeof(ProfileLibrary).Assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                entries.Add(Path.GetFileNameWithoutExtension(resource[ResourcePrefix.Length..]), new(() => ReadBuiltIn(resource)));
        }
        return new(entries);
    }

    /// <exception cref="InvalidOperationException">The profile that was built in has a mistake.</exception>
    private static Entry ReadBuiltIn(string resource)
    {
        using var reader = new StreamReader(typeof(ProfileLibrary).Assembly.GetManifestResourceStream(resource)!);
        var json = reader.ReadToEnd();
        var (profile, errors) = ProfileReader.Read(json, Path.GetFileNameWithoutExtension(resource[ResourcePrefix.Length..]));
        return profile is not null && errors.Count == 0
            ? new(profile, json)
            : throw new InvalidOperationException($"{resource}:{errors[0].Line}: {errors[0].Path}: {errors[0].Message}");
    }

    private void AddFolder(string folder)
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*" + Suffix).Order(StringComparer.Ordinal))
                AddFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _errors.Add(new(folder, $"cannot be read: {error.Message}"));
        }
    }

    private void AddFile(string file)
    {
        try
        {
            Add(file, File.ReadAllText(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _errors.Add(new(file, $"cannot be read: {error.Message}"));
        }
    }

    private void Add(string file, string json)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (name == Schema)
            return;
        var (profile, errors) = ProfileReader.Read(json, name);
        if (profile is not null)
        {
            var entry = new Entry(profile, json);
            _entries[name] = new(entry);
        }
        _errors.AddRange(errors.Select(error => new ConfigurationError($"{file}:{error.Line}: {error.Path}:", error.Message)));
    }
}
