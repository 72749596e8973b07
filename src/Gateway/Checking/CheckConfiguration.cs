using System.CommandLine;
using Gateway.Commands;
using Gateway.Server.Configuration;

namespace Gateway.Checking;

/// <summary>Takes what a check needs from a configuration; it needs none.</summary>
internal static class CheckConfiguration
{
    // A configuration is read as a whole, so that every mistake in it is found. Without a file these two stand in for what only a gateway needs.
    private static readonly string[] StandIns = ["Relay:AcceptedDomains:0=gateway.invalid", "SmartHosts:0:Host=127.0.0.1"];

    /// <summary>Null when neither --config nor --set was given.</summary>
    /// <exception cref="ConfigurationException">With every mistake, unknown keys among them.</exception>
    public static GatewayOptions? Read(ParseResult parsed)
    {
        var settings = parsed.GetValue(GatewayCommand.Settings) ?? [];
        if (parsed.GetValue(CheckOptions.Config) is { } file)
            return ConfigurationLoader.Load(file.ToString(), settings);
        return settings.Length > 0 ? ConfigurationLoader.Load(null, [.. StandIns, .. settings]) : null;
    }
}
