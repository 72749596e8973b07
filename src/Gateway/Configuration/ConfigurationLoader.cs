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
    public static GatewayOptions Load(string? file, IReadOnlyList<string> settings)
    {
        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            if (!File.Exists(file))
                throw new ConfigurationException(ConfigurationError.Wrong("--config", file, "the path of a file that exists and may be read"));
            builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }
        builder.AddInMemoryCollection(FromEnvironment());
        builder.AddInMemoryCollection(settings.Select(Split));
        return GatewayOptionsReader.Read(Build(builder, file));
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
    // an unknown variable that merely begins alike (GATEWAY_E2E) is left alone.
    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)
        let key = name[EnvironmentPrefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)
        where GatewayOptionsReader.Sections.Contains(key.Split(ConfigurationPath.KeyDelimiter)[0])
        select KeyValuePair.Create(key, (string?)variable.Value);

    private static KeyValuePair<string, string?> Split(string setting)
    {
        var at = setting.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
            throw new ConfigurationException(ConfigurationError.Wrong("--set", setting, "KEY=VALUE, such as Listeners:0:Endpoint=0.0.0.0:25"));
        return KeyValuePair.Create(setting[..at].Trim(), (string?)setting[(at + 1)..].Trim());
    }
}
