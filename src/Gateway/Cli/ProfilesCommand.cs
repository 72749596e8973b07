using System.CommandLine;
using Gateway.Configuration;
using Gateway.Policy;
using Spectre.Console;
using Profile = Gateway.Policy.Profile;

namespace Gateway.Cli;

/// <summary><c>gateway profiles</c>: which policies there are, and what each of them does.</summary>
internal static class ProfilesCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Shows one profile whole.", Arity = ArgumentArity.ZeroOrOne };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "A folder with more profiles.", HelpName = "FOLDER" };
        var command = new Command("profiles", "Lists the policies that a listener can have.") { name, folder };
        command.SetAction(parsed => Run(parsed.GetValue(name), parsed.GetValue(folder)?.FullName, parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(string? name, string? folder, InvocationConfiguration streams)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new ConfigurationException(ConfigurationError.Wrong("--folder", folder, "a folder that exists"));
        var library = ProfileLibrary.Load(folder);
        if (library.Errors.Count > 0)
            throw new ConfigurationException(library.Errors);
        var console = Terminal.Create(streams.Output);
        if (name is null)
            return List(library, console);
        if (library.Find(name) is { } profile)
            return Show(profile, console);
        streams.Error.WriteLine($"gateway: there is no profile \"{name}\"; there are {string.Join(", ", library.Names)}");
        return ExitCode.No;
    }

    private static int List(ProfileLibrary library, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("profile", "refuses at", "what it does");
        foreach (var profile in library.Profiles)
            table.AddRow(new Text(profile.Name), new Text(profile.RefuseAt.ToString()), new Text(profile.Summary));
        console.Write(table);
        return ExitCode.Fine;
    }

    private static int Show(Profile profile, IAnsiConsole console)
    {
        console.WriteLine($"{profile.Name}: {profile.Summary}");
        console.WriteLine($"Refusals are spoken at {profile.RefuseAt}.");
        if (profile.Source is { } source)
            console.WriteLine($"Known from {source}{(profile.Since is { } since ? $", since {since}" : "")}; its words are {Words(profile.Text)}.");
        var table = new Table().Border(TableBorder.Simple).AddColumns("check", "IPv4", "IPv6", "temporary failure");
        foreach (var rule in profile.Checks)
            table.AddRow(rule.Check.Name, rule.IPv4.ToString(), rule.IPv6.ToString(), rule.OnTemporaryFailure.ToString());
        console.Write(table);
        return ExitCode.Fine;
    }

    private static string Words(TextOrigin text) => text switch
    {
        TextOrigin.Authentic => "authentic",
        TextOrigin.Abridged => "authentic, abridged",
        _ => "ours",
    };
}
