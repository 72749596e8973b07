using System.CommandLine;
using Gateway.Commands;
using Gateway.Server.Configuration;

namespace Gateway.Checking;

/// <summary>Reads the configuration of a check, which may do without one.</summary>
internal static class CheckConfiguration
{
    // The reader checks a whole configuration. Without a file, these two provide the values that only a gateway needs.
    private static readonly string[] StandIns = ["Relay:AcceptedDomains:0=gateway.invalid", "SmartHosts:0:Host=127.0.0.1"];

    /// <summary>Null when neither --config nor --set was given.</summary>
    /// <exception cref="ConfigurationException">The configuration has mistakes; unknown keys are mistakes too.</exception>
    public static GatewayOptions? Read(ParseResult parsed)
    {
        var settings = parsed.GetValue(GatewayCommand.Settings) ?? [];
        if (parsed.GetValue(CheckOptions.Config) is { } file)
            return ConfigurationLoader.Load(file.ToString(), settings);
        return settings.Length > 0 ? ConfigurationLoader.Load(null, [.. StandIns, .. settings]) : null;
    }
}
