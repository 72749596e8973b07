using System.Collections;
using System.Text.Json;

namespace Gateway.Configuration;

/// <summary>Brings file, environment and command line together; the later wins.</summary>
public static class ConfigurationLoader
{
    public const string EnvironmentPrefix = "GATEWAY_";

    /// <param name="file">JSON, comments and trailing commas allowed; null for none.</param>
    /// <param name="settings">From the command line: <c>Listeners:0:Endpoint=0.0.0.0:25</c>.</param>
    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static GatewayOptions Load(string? file, IReadOnlyList<string> settings) => Load(file, settings, Environment.GetEnvironmentVariables());

    internal static GatewayOptions Load(string? file, IReadOnlyList<string> settings, IDictionary environment) =>
        GatewayOptionsReader.Read(Values(file, settings, environment));

    /// <summary>One value, whatever is wrong with the others; null when it is not there.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read at all.</exception>
    public static string? Value(string? file, IReadOnlyList<string> settings, string key) =>
        Values(file, settings, Environment.GetEnvironmentVariables())[key] is { Length: > 0 } value ? value : null;

    private static IConfigurationRoot Values(string? file, IReadOnlyList<string> settings, IDictionary environment)
    {
        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            if (!File.Exists(file))
                throw new ConfigurationException(ConfigurationError.Wrong("--config", file, "the path of a file that exists and may be read"));
            builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }
        builder.AddInMemoryCollection(FromEnvironment(environment));
        builder.AddInMemoryCollection(FromCommandLine(settings));
        return Build(builder, file);
    }

    /// <summary>Reads a configuration from JSON text alone, as tests and the lab do.</summary>
    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static GatewayOptions FromJson(string json)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        return GatewayOptionsReader.Read(Build(new ConfigurationBuilder().AddJsonStream(stream), "(text)"));
    }

    private static IConfigurationRoot Build(IConfigurationBuilder builder, string? file)
    {
        try
        {
            return builder.Build();
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            var cause = error.InnerException is { } inner ? inner.InnerException ?? inner : error;
            throw new ConfigurationException(new ConfigurationError(file ?? "--config", $"cannot be read as JSON: {cause.Message}"));
        }
    }

    // GATEWAY_Listeners__0__Endpoint, as everywhere in .NET. Read here and not with AddEnvironmentVariables, so that
    // a variable that merely begins alike (GATEWAY_E2E) is left alone; one with "__" is meant for us, and a slip in it is
    // a mistake like any other. Keys have no case, though variables have: of two that differ in case only, one counts.
    private static Dictionary<string, string?> FromEnvironment(IDictionary environment)
    {
        var values = Values();
        foreach (DictionaryEntry variable in environment)
        {
            var name = (string)variable.Key;
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var key = name[EnvironmentPrefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
            if (key.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal) || GatewayOptionsReader.Sections.Contains(key))
                values[key] = (string?)variable.Value;
        }
        return values;
    }

    /// <summary>Whether the environment says anything about the configuration.</summary>
    public static bool IsInEnvironment => FromEnvironment(Environment.GetEnvironmentVariables()).Count > 0;

    private static Dictionary<string, string?> FromCommandLine(IReadOnlyList<string> settings)
    {
        var wrong = settings.Where(static setting => setting.IndexOf('=', StringComparison.Ordinal) <= 0).ToList();
        if (wrong.Count > 0)
            throw new ConfigurationException([.. wrong.Select(static setting =>
                ConfigurationError.Wrong("--set", setting, "KEY=VALUE, such as Listeners:0:Endpoint=0.0.0.0:25"))]);
        var values = Values();
        foreach (var setting in settings)
        {
            var at = setting.IndexOf('=', StringComparison.Ordinal);
            values[setting[..at].Trim()] = setting[(at + 1)..].Trim();
        }
        return values;
    }

    private static Dictionary<string, string?> Values() => new(StringComparer.OrdinalIgnoreCase);
}
