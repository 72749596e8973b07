using System.CommandLine;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Server.Journal;

namespace Gateway.Commands;

/// <summary>The options with which explain and stats find the journal.</summary>
internal static class JournalArguments
{
    public static readonly Option<FileInfo?> File = new("--journal")
    {
        Description = "Read this journal. [default: the file that Journal.File in the configuration names]",
        HelpName = "FILE",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON for other programs." };

    /// <summary>Whether a journal or a configuration is given. If not, an error about missing configuration keys would mislead.</summary>
    public static bool AreGiven(ParseResult parsed) =>
        parsed.GetValue(File) is not null || parsed.GetValue(GatewayCommand.Config) is not null || parsed.GetValue(GatewayCommand.Settings) is { Length: > 0 }
        || ConfigurationLoader.IsInEnvironment || ConfigurationPlaces.Find() is not null;

    public static int Demand(ParseResult parsed)
    {
        parsed.InvocationConfiguration.Error.WriteLine(
            $"gateway: no journal is named, and no configuration was found that names one: type --journal FILE, or --config FILE with the configuration of the gateway.{Environment.NewLine}"
            + $"Type \"gateway {parsed.CommandResult.Command.Name} --help\" for more.");
        return ExitCode.WrongUse;
    }

    /// <exception cref="ConfigurationException">The journal does not exist.</exception>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    public static JournalReader Open(ParseResult parsed, GatewayOptions? options)
    {
        if (parsed.GetValue(File) is { } file)
            return file.Exists ? JournalReader.Open(file.FullName)
                : throw ConfigurationException.OfCommandLine($"the journal file \"{file}\" does not exist: check the path after --journal");
        if (options!.Journal is not { } journal)
            throw ConfigurationException.OfCommandLine(
                """this gateway keeps no journal: add "Journal": { "File": "/var/lib/gateway/journal.db" } to its configuration. It then keeps each session from its next start on""");
        return System.IO.File.Exists(journal.File) ? JournalReader.Open(journal.File)
            : throw ConfigurationException.OfCommandLine(
                $"the journal \"{journal.File}\" (Journal.File) does not exist: the gateway creates it when it starts with this configuration");
    }

    /// <summary>The configuration; null if --journal is given without --config.</summary>
    /// <exception cref="ConfigurationException">The configuration has mistakes; the exception lists all of them.</exception>
    public static GatewayOptions? Configuration(ParseResult parsed) =>
        parsed.GetValue(File) is null || parsed.GetValue(GatewayCommand.Config) is not null ? GatewayCommand.LoadConfiguration(parsed) : null;
}
