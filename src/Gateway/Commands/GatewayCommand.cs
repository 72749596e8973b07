using System.CommandLine;
using System.Net.Sockets;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;

namespace Gateway.Commands;

/// <summary>The commands of the program.</summary>
internal static class GatewayCommand
{
    public static readonly Option<FileInfo?> Config = new("--config", "-c")
    {
        Description = $"Read the configuration from this file, which is JSON with comments. [default: {string.Join(", else ", ConfigurationPlaces.All)}]",
        HelpName = "FILE",
    };

    public static readonly Option<string[]> Settings = new("--set")
    {
        Description = "Override one value of the configuration, for example Listeners:0:Endpoint=0.0.0.0:2525. May be repeated.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static Task<int> RunAsync(string[] args) => RunAsync(args, Console.Out, Console.Error);

    /// <param name="args">The command line.</param>
    /// <param name="output">The output of the command.</param>
    /// <param name="error">The output for errors.</param>
    /// <param name="input">The input for passwords; null means standard input.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TextReader? input = null)
    {
        var root = Root(input);
        // The program's name alone shows the help.
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
            return await WrongUseAsync(parsed, error);
        try
        {
            return await parsed.InvokeAsync(new()
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // The host handles SIGTERM itself and then waits for messages in transfer; the parser would end the process after 2 s.
                ProcessTerminationTimeout = null,
            });
        }
        catch (ConfigurationException wrong)
        {
            await TellAsync(wrong, error);
            return ExitCode.WrongConfiguration;
        }
        catch (JournalException unreadable)
        {
            await error.WriteLineAsync($"gateway: {unreadable.Message}");
            return ExitCode.CouldNotSay;
        }
        catch (Exception trouble) when (trouble is IOException or SocketException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"gateway: {trouble.Message}");
            return ExitCode.No;
        }
    }

    internal static RootCommand Root(TextReader? input = null)
    {
        var root = new RootCommand("An inbound SMTP gateway that enforces reverse DNS and explains every refusal.")
        {
            RunCommand.Create(),
            LabCommand.Create(),
            PlayCommand.Create(),
            CheckCommand.Create(),
            ConfigCommand.Create(),
            ProfilesCommand.Create(),
            SendCommand.Create(),
            UserCommand.Create(new(input)),
            ExplainCommand.Create(),
            StatsCommand.Create(),
            HealthCommand.Create(),
            HelpCommand.Create(),
        };
        Examples.AddTo(root);
        return root;
    }

    private static async Task TellAsync(ConfigurationException wrong, TextWriter output)
    {
        var isAlone = wrong.Errors.Count == 1;
        if (wrong.Subject is { } subject)
            await output.WriteLineAsync($"gateway: {subject} {(isAlone ? "a mistake" : $"{wrong.Errors.Count} mistakes")}:");
        foreach (var mistake in wrong.Errors)
            await output.WriteLineAsync(SafeText.Visible(wrong.Subject is null ? $"gateway: {mistake}" : $"  {mistake}"));
    }

    private static async Task<int> WrongUseAsync(ParseResult parsed, TextWriter output)
    {
        // The parser reports an unknown command twice: as unknown, and as the command that is missing.
        var unknown = parsed.UnmatchedTokens.Count > 0;
        var path = Examples.PathOf(parsed.CommandResult.Command);
        foreach (var error in parsed.Errors.Where(error => !unknown || error.Message.Contains(parsed.UnmatchedTokens[0], StringComparison.Ordinal)))
            await output.WriteLineAsync($"gateway: {error.Message}");
        var commands = parsed.CommandResult.Command.Subcommands.Select(command => command.Name).ToList();
        if (commands.Count > 0)
            await output.WriteLineAsync($"The commands of \"{path}\" are: {string.Join(", ", commands)}.");
        await output.WriteLineAsync($"Type \"{path} --help\" for more.");
        return ExitCode.WrongUse;
    }

    /// <exception cref="ConfigurationException">The configuration has mistakes; the exception lists all of them.</exception>
    public static GatewayOptions LoadConfiguration(ParseResult parsed) =>
        ConfigurationLoader.Load(ConfigurationToRead(parsed), parsed.GetValue(Settings) ?? []);

    /// <summary>The configuration file; null if --set and the environment give the whole configuration.</summary>
    /// <exception cref="ConfigurationException">There is no configuration at all.</exception>
    public static string? ConfigurationToRead(ParseResult parsed)
    {
        var file = ConfigurationFile(parsed);
        if (file is null && parsed.GetValue(Settings) is not { Length: > 0 } && !ConfigurationLoader.IsInEnvironment)
            throw ConfigurationPlaces.NothingFound();
        return file;
    }

    /// <summary>The file in --config, else the one in a usual place; null if there is none.</summary>
    public static string? ConfigurationFile(ParseResult parsed) => parsed.GetValue(Config)?.ToString() ?? ConfigurationPlaces.Find();
}
