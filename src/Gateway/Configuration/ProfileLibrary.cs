using Gateway.Policy;

namespace Gateway.Configuration;

/// <summary>All profiles that listeners can name: the built-in ones, and those of a folder, which win. Immutable once it is loaded.</summary>
public sealed class ProfileLibrary
{
    private const string Suffix = ".json";
    private const string ResourcePrefix = "profiles/";

    /// <summary>Stands beside the profiles for editors, who find it by "$schema".</summary>
    private const string Schema = "schema";

    // Read once: profiles do not change, and their patterns are slow to make.
    private static readonly Lazy<ProfileLibrary> BuiltIn = new(ReadBuiltIn);

    private readonly SortedDictionary<string, (Profile Profile, string Json)> _profiles;
    private readonly List<ConfigurationError> _errors = [];

    private ProfileLibrary(IDictionary<string, (Profile, string)> profiles) => _profiles = new(profiles, StringComparer.Ordinal);

    public IEnumerable<Profile> Profiles => _profiles.Values.Select(static one => one.Profile);

    public IEnumerable<string> Names => _profiles.Keys;

    /// <summary>What is wrong with the files, each with file and place.</summary>
    public IReadOnlyList<ConfigurationError> Errors => _errors;

    public Profile? Find(string name) => _profiles.GetValueOrDefault(name).Profile;

    /// <summary>The text of the file that a profile was read from: JSON with comments; null when there is no such profile.</summary>
    public string? TextOf(string name) => _profiles.GetValueOrDefault(name).Json;

    /// <param name="folder">NAME.json each; null for the built-in ones only.</param>
    public static ProfileLibrary Load(string? folder)
    {
        if (folder is null || !Directory.Exists(folder))
            return BuiltIn.Value;
        var library = new ProfileLibrary(BuiltIn.Value._profiles);
        library.AddFolder(folder);
        return library;
    }

    private static ProfileLibrary ReadBuiltIn()
    {
        var library = new ProfileLibrary(new Dictionary<string, (Profile, string)>());
        var assembly = typeof(ProfileLibrary).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            library.Add(resource[ResourcePrefix.Length..], reader.ReadToEnd());
        }
        return library;
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
            _profiles[name] = (profile, json);
        _errors.AddRange(errors.Select(error => new ConfigurationError($"{file}:{error.Line}: {error.Path}:", error.Message)));
    }
}
