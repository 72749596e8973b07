using System.CommandLine;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Server.Journal;

namespace Gateway.Commands;

/// <summary>Where the commands that look back find the journal.</summary>
internal static class JournalArguments
{
    public static readonly Option<FileInfo?> File = new("--journal")
    {
        Description = "The journal, when no configuration says where it is.",
        HelpName = "FILE",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Writes JSON, for programs." };

    /// <summary>Without this, --config would be said to lack keys that nobody has thought of.</summary>
    public static bool AreGiven(ParseResult parsed) =>
        parsed.GetValue(File) is not null || parsed.GetValue(GatewayCommand.Config) is not null || parsed.GetValue(GatewayCommand.Settings) is { Length: > 0 }
        || ConfigurationLoader.IsInEnvironment || ConfigurationPlaces.Find() is not null;

    public static int Demand(ParseResult parsed)
    {
        parsed.InvocationConfiguration.Error.WriteLine(
            $"gateway: no configuration was found that names the journal. Say --journal FILE, or --config FILE (the configuration of the running gateway).{Environment.NewLine}"
            + $"Type \"gateway {parsed.CommandResult.Command.Name} --help\" for more.");
        return ExitCode.WrongUse;
    }

    /// <exception cref="ConfigurationException">There is no journal.</exception>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public static JournalReader Open(ParseResult parsed, GatewayOptions? options)
    {
        if (parsed.GetValue(File) is { } file)
            return file.Exists ? JournalReader.Open(file.FullName) : throw Absent("--journal", file.ToString(), "the path of a journal");
        if (options!.Journal is not { } journal)
            throw new ConfigurationException(ConfigurationError.Missing("Journal",
                """this gateway keeps no journal; with "Journal": { "File": "/var/lib/gateway/journal.db" } it remembers each session from then on"""));
        return System.IO.File.Exists(journal.File) ? JournalReader.Open(journal.File)
            : throw Absent("Journal.File", journal.File, "a journal; the gateway makes it when it starts with this configuration");
    }

    private static ConfigurationException Absent(string path, string file, string allowed) => new(ConfigurationError.Wrong(path, file, $"no such file; wanted is {allowed}"));

    /// <summary>The configuration; null when --journal makes it needless.</summary>
    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static GatewayOptions? Configuration(ParseResult parsed) =>
        parsed.GetValue(File) is null || parsed.GetValue(GatewayCommand.Config) is not null ? GatewayCommand.LoadConfiguration(parsed) : null;
}
