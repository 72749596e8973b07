using System.CommandLine;
using Gateway.Explaining;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Server.Journal;
using Gateway.Server.Journal.Statistics;
using Profile = Gateway.Policy.Profiles.Profile;

namespace Gateway.Commands;

/// <summary><c>gateway stats</c>: what the checks refused, what they or another profile would have refused, and from whom.</summary>
internal static class StatsCommand
{
    private static readonly Option<string> Since = new("--since")
    {
        Description = $"From when on: {TimeRange.Allowed}.",
        HelpName = "TIME",
        DefaultValueFactory = _ => "7d",
    };

    private static readonly Option<string?> Until = new("--until") { Description = "Until when; now, if it is not said.", HelpName = "TIME" };

    private static readonly Option<string?> Profile = new("--profile")
    {
        Description = "What would this profile have refused? Else: what did the listeners' own do?",
        HelpName = "NAME",
    };

    private static readonly Option<int> Top = new("--top")
    {
        Description = "How many senders of each check are named.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 10,
    };

    public static Command Create()
    {
        var command = new Command("stats", "Counts from the journal what the checks refused, or would have refused, and from whom.")
        {
            Since, Until, Profile, Top, JournalArguments.File, GatewayCommand.Config, GatewayCommand.Settings, JournalArguments.Json,
        };
        command.SetAction(parsed => JournalArguments.AreGiven(parsed) ? Run(parsed, TimeProvider.System.GetUtcNow()) : JournalArguments.Demand(parsed));
        return command;
    }

    private static int Run(ParseResult parsed, DateTimeOffset now)
    {
        var streams = parsed.InvocationConfiguration;
        var from = TimeRange.Parse(parsed.GetValue(Since)!, now);
        var until = parsed.GetValue(Until) is { } text ? TimeRange.Parse(text, now) : now;
        if (from is null || until is null || from >= until || parsed.GetValue(Top) is < 0 or > 1000)
        {
            streams.Error.WriteLine($"gateway: --since and --until want {TimeRange.Allowed}, the earlier first; --top a number from 0 to 1000");
            return ExitCode.WrongUse;
        }
        var options = JournalArguments.Configuration(parsed);
        var profile = parsed.GetValue(Profile) is { } name ? Find(name, options) : null;
        using var journal = JournalArguments.Open(parsed, options);
        var report = StatisticsQuery.Run(journal, from.Value, until.Value, profile, parsed.GetValue(Top));
        if (parsed.GetValue(JournalArguments.Json))
            streams.Output.WriteLine(JournalJson.Indented(report));
        else
            StatisticsView.Write(Terminal.Create(streams.Output), report);
        return ExitCode.Fine;
    }

    private static Profile Find(string name, GatewayOptions? options)
    {
        var library = ProfileLibrary.Load(options?.Policy.ProfilesFolder);
        return library.Find(name)
            ?? throw new ConfigurationException(ConfigurationError.Wrong("--profile", name, "one of " + string.Join(", ", library.Names)));
    }
}
