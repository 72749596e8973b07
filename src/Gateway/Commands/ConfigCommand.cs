using System.CommandLine;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;

namespace Gateway.Commands;

/// <summary><c>gateway config check</c> and <c>show</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var check = new Command("check", "Check a configuration, and list every mistake in it.") { GatewayCommand.Config, GatewayCommand.Settings };
        check.SetAction(Check);
        var show = new Command("show", "Print the configuration that applies, with its defaults and overrides.") { GatewayCommand.Config, GatewayCommand.Settings };
        show.SetAction(Show);
        return new Command("config", "Check or show a configuration.") { check, show };
    }

    private static int Check(ParseResult parsed)
    {
        var options = GatewayCommand.LoadConfiguration(parsed);
        parsed.InvocationConfiguration.Output.WriteLine(
            $"The configuration is right: {Count(options.Listeners.Count, "listener")}, {Count(options.Relay.AcceptedDomains.Count, "accepted domain")}, {Count(options.SmartHosts.Count, "smart host")}.");
        foreach (var warning in options.Warnings)
            parsed.InvocationConfiguration.Output.WriteLine($"Warning: {warning}.");
        return ExitCode.Fine;
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static int Show(ParseResult parsed)
    {
        parsed.InvocationConfiguration.Output.WriteLine(
            SafeText.VisibleJson(ConfigurationLoader.Show(GatewayCommand.ConfigurationToRead(parsed), parsed.GetValue(GatewayCommand.Settings) ?? [])));
        return ExitCode.Fine;
    }
}
