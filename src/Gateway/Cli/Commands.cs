using System.CommandLine;
using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary>The commands of the program, in full view.</summary>
internal static class Commands
{
    public static readonly Option<FileInfo?> Config = new("--config", "-c")
    {
        Description = "The configuration: JSON, with comments.",
        HelpName = "FILE",
    };

    public static readonly Option<string[]> Settings = new("--set")
    {
        Description = "Overrides one value, such as Listeners:0:Endpoint=0.0.0.0:2525; may be repeated.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("An inbound SMTP gateway that enforces reverse DNS and explains every refusal.")
        {
            RunCommand.Create(),
            LabCommand.Create(),
            ConfigCommand.Create(),
            ProfilesCommand.Create(),
            HealthCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"gateway: {error.Message}");
            await Console.Error.WriteLineAsync($"Type \"gateway {string.Join(' ', PathOf(parsed.CommandResult.Command).Append("--help"))}\" for what may stand here.");
            return ExitCode.WrongUse;
        }
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (ConfigurationException error)
        {
            await Console.Error.WriteLineAsync(error.Errors.Count == 1
                ? "gateway: the configuration has a mistake:"
                : $"gateway: the configuration has {error.Errors.Count} mistakes:");
            foreach (var mistake in error.Errors)
                await Console.Error.WriteLineAsync($"  {mistake}");
            return ExitCode.WrongConfiguration;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"gateway: {error.Message}");
            return ExitCode.No;
        }
    }

    private static IEnumerable<string> PathOf(Command command) =>
        command is RootCommand ? [] : [.. command.Parents.OfType<Command>().SelectMany(PathOf), command.Name];

    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static GatewayOptions LoadConfiguration(ParseResult parsed) =>
        ConfigurationLoader.Load(parsed.GetValue(Config)?.ToString(), parsed.GetValue(Settings) ?? []);
}
