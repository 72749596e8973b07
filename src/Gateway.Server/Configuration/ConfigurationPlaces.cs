namespace Gateway.Server.Configuration;

/// <summary>Where the configuration is looked for when the command line does not name it: the system's place, then the current folder.</summary>
public static class ConfigurationPlaces
{
    private const string FileName = "gateway.json";

    /// <summary>The system's place for the configuration of a service.</summary>
    public static string OfSystem { get; } = OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "Gateway", FileName)
        : OperatingSystem.IsMacOS() ? $"/usr/local/etc/gateway/{FileName}"
        : $"/etc/gateway/{FileName}";

    /// <summary>In the order in which they are tried.</summary>
    public static IReadOnlyList<string> All { get; } = [OfSystem, Path.Combine(".", FileName)];

    /// <summary>The first of the places that holds a file; null when none does.</summary>
    public static string? Find() => Find(All);

    internal static string? Find(IEnumerable<string> places) => places.FirstOrDefault(File.Exists);

    /// <summary>For a command that needs a configuration and has none.</summary>
    public static ConfigurationException NothingFound() => ConfigurationException.OfCommandLine(
        $"no configuration was found: neither {All[0]} nor {All[1]} exists. Type --config FILE, or copy config/gateway.json to one of these places");
}
