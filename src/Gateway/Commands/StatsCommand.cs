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
        Description = $"Count from this time on: {TimeRange.Allowed}.",
        HelpName = "TIME",
        DefaultValueFactory = _ => "7d",
    };

    private static readonly Option<string?> Until = new("--until") { Description = "Count until this time, written as for --since. [default: now]", HelpName = "TIME" };

    private static readonly Option<string?> Profile = new("--profile")
    {
        Description = "Count what this profile would have refused. [default: count what the profile of each listener refused]",
        HelpName = "NAME",
    };

    private static readonly Option<int> Top = new("--top")
    {
        Description = "How many clients, names and sender domains to list for each check.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 10,
    };

    public static Command Create()
    {
        var command = new Command("stats", "Count what the checks refused, or would have refused, and from whom.")
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
        if (Mistake(parsed, from, until) is { } mistake)
        {
            streams.Error.WriteLine($"gateway: {mistake}");
            return ExitCode.WrongUse;
        }
        var options = JournalArguments.Configuration(parsed);
        var profile = parsed.GetValue(Profile) is { } name ? Find(name, options) : null;
        using var journal = JournalArguments.Open(parsed, options);
        var report = StatisticsQuery.Run(journal, from!.Value, until!.Value, profile, parsed.GetValue(Top));
        if (parsed.GetValue(JournalArguments.Json))
            streams.Output.WriteLine(JournalJson.Indented(report));
        else
            StatisticsView.Write(Terminal.Create(streams.Output), report);
        return ExitCode.Fine;
    }

    private static string? Mistake(ParseResult parsed, DateTimeOffset? from, DateTimeOffset? until) =>
        from is null ? $"--since \"{parsed.GetValue(Since)}\" is not a time: type {TimeRange.Allowed}"
        : until is null ? $"--until \"{parsed.GetValue(Until)}\" is not a time: type {TimeRange.Allowed}"
        : from >= until ? "--since must be earlier than --until"
        : parsed.GetValue(Top) is var top and (< 0 or > 1000) ? $"--top {top} is out of range: type a number from 0 to 1000"
        : null;

    private static Profile Find(string name, GatewayOptions? options)
    {
        var library = ProfileLibrary.Load(options?.Policy.ProfilesFolder);
        return library.Find(name)
            ?? throw ConfigurationException.OfCommandLine($"no profile is called \"{name}\"{Suggestion.For(name, library.Names)}; \"gateway profiles\" lists all");
    }
}
