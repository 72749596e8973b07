using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Server.Configuration;

/// <summary>Brings file, environment and command line together; the later wins.</summary>
public static class ConfigurationLoader
{
    public const string EnvironmentPrefix = "GATEWAY_";

    private static readonly JsonSerializerOptions Shown = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
                throw ConfigurationException.OfCommandLine($"the configuration file \"{file}\" does not exist: check the path after --config");
            builder.AddJsonStream(new MemoryStream(ReadJson(file)));
        }
        builder.AddInMemoryCollection(FromEnvironment(environment));
        builder.AddInMemoryCollection(FromCommandLine(settings));
        return builder.Build();
    }

    private static byte[] ReadJson(string file)
    {
        try
        {
            return CheckedJson(File.ReadAllBytes(file), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(new ConfigurationError(file, $"cannot be read: {error.Message}"));
        }
    }

    private static byte[] CheckedJson(byte[] json, string file) => JsonSyntax.FirstMistake(json) is { } mistake
        ? throw new ConfigurationException(new ConfigurationError($"{file}:{mistake.Line}:", mistake.Problem))
        : json;

    /// <summary>Reads a configuration from JSON text alone, as tests and the lab do.</summary>
    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static GatewayOptions FromJson(string json)
    {
        using var stream = new MemoryStream(CheckedJson(System.Text.Encoding.UTF8.GetBytes(json), "(text)"));
        return GatewayOptionsReader.Read(new ConfigurationBuilder().AddJsonStream(stream).Build());
    }

    /// <summary>The configuration in force as JSON: what is set and the defaults of the rest, without passwords. It can be loaded again.</summary>
    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static string Show(string? file, IReadOnlyList<string> settings)
    {
        GatewayOptionsReader.Read(Values(file, settings, Environment.GetEnvironmentVariables()), out var inForce);
        return inForce.ToJsonString(Shown);
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
        var mistakes = settings.Select(MistakeOf).OfType<string>().ToList();
        if (mistakes.Count > 0)
            throw ConfigurationException.OfCommandLine(mistakes);
        var values = Values();
        foreach (var setting in settings)
        {
            var at = setting.IndexOf('=', StringComparison.Ordinal);
            values[setting[..at].Trim()] = setting[(at + 1)..].Trim();
        }
        return values;
    }

    // Errors name a key as Dns.Servers[0], and --set wants Dns:Servers:0.
    private static string? MistakeOf(string setting)
    {
        var at = setting.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
            return $"--set \"{setting}\" is not of the form KEY=VALUE: type one such as Listeners:0:Endpoint=0.0.0.0:25";
        var key = setting[..at];
        return !key.AsSpan().ContainsAny(".[") ? null
            : $"--set \"{setting}\": the parts of a key are separated by colons, so type {key.Replace("[", ":").Replace("]", "").Replace('.', ':')}{setting[at..]}";
    }

    private static Dictionary<string, string?> Values() => new(StringComparer.OrdinalIgnoreCase);
}
