using System.CommandLine;
using System.Globalization;
using Gateway.Policy;
using Gateway.Policy.Profiles;
using Gateway.Policy.Reading;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Spectre.Console;
using Profile = Gateway.Policy.Profiles.Profile;

namespace Gateway.Commands;

/// <summary><c>gateway profiles</c>: which policies there are, and what each of them does.</summary>
internal static class ProfilesCommand
{
    // In the order in which somebody looks for a profile: first a policy for a listener, then whom one can imitate.
    private static readonly (ProfileKind Kind, string Heading)[] Headings =
    [
        (ProfileKind.Own, "own policy"),
        (ProfileKind.Receiver, "receiver today"),
        (ProfileKind.Past, "of earlier years"),
        (ProfileKind.Software, "server software"),
    ];

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Shows one profile whole.", Arity = ArgumentArity.ZeroOrOne };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "A folder with more profiles.", HelpName = "FOLDER" };
        var json = new Option<bool>("--json") { Description = "Print JSON: an array of all profiles, or one profile (docs/profiles.md)." };
        var command = new Command("profiles", "Lists the policies that a listener can have.") { name, folder, json };
        command.SetAction(parsed => Run(parsed.GetValue(name), parsed.GetValue(folder)?.FullName, parsed.GetValue(json), parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(string? name, string? folder, bool isJson, InvocationConfiguration streams)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new ConfigurationException(ConfigurationError.Wrong("--folder", folder, "a folder that exists"));
        var library = ProfileLibrary.Load(folder);
        if (library.Errors.Count > 0)
            throw new ConfigurationException(library.Errors);
        if (name is null)
            return isJson ? ProfileJson.Write(streams.Output, library) : List(library, Terminal.Create(streams.Output));
        if (library.Find(name) is { } profile)
            return isJson ? ProfileJson.Write(streams.Output, library, name) : Show(profile, Terminal.Create(streams.Output));
        streams.Error.WriteLine($"gateway: there is no profile \"{name}\"{Suggestion.For(name, library.Names)}; \"gateway profiles\" lists all");
        return ExitCode.No;
    }

    private static int List(ProfileLibrary library, IAnsiConsole console)
    {
        var kinds = library.Profiles.ToLookup(ProfileKinds.Of);
        foreach (var (kind, heading) in Headings)
        {
            if (kinds.Contains(kind))
                console.Write(Table(heading, kinds[kind]));
        }
        return ExitCode.Fine;
    }

    private static Table Table(string kind, IEnumerable<Profile> profiles)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            new TableColumn(kind).Width(21).NoWrap(), new TableColumn("refuses at").Width(11).NoWrap(), new TableColumn("what it does"));
        foreach (var profile in profiles)
            table.AddRow(new Text(profile.Name), new Text(Where(profile)), new Text(profile.Summary));
        return table;
    }

    private static string Where(Profile profile)
    {
        if (!profile.Checks.Any(rule => rule.IPv4 == CheckMode.Enforce || rule.IPv6 == CheckMode.Enforce))
            return "never";
        return profile.RefuseAt switch
        {
            Stage.Connect => "greeting",
            Stage.Helo => "HELO",
            Stage.Mail => "MAIL",
            Stage.Recipient => "RCPT",
            _ => "end of data",
        };
    }

    private static int Show(Profile profile, IAnsiConsole console)
    {
        console.WriteLine($"{profile.Name}: {profile.Summary}");
        var facts = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        AddFact(facts, "refuses at", Where(profile));
        AddFact(facts, "known from", profile.Source);
        AddFact(facts, "since", profile.Since);
        AddFact(facts, "words", Words(profile.Text));
        console.Write(facts);
        var table = new Table().Border(TableBorder.Simple).AddColumns("check", "IPv4", "IPv6", "temporary failure");
        foreach (var rule in profile.Checks)
            table.AddRow(rule.Check.Name, rule.IPv4.ToString(), rule.IPv6.ToString(), rule.OnTemporaryFailure.ToString());
        console.Write(table);
        if (profile.Greeting is { } greeting)
            ShowLines(console, "greeting:", "220", greeting);
        foreach (var (step, reply) in profile.Dialogue?.Replies ?? new Dictionary<DialogueStep, DialogueReply>())
            ShowLines(console, $"{step.ToString().ToLowerInvariant()}, when nothing is refused:", Dialogue.CodeOf(step).ToString(CultureInfo.InvariantCulture), reply.Lines);
        if (profile.Dialogue?.Extensions is { } extensions)
            console.WriteLine($"ehlo announces {string.Join(", ", extensions)}");
        foreach (var (rule, about, reply) in profile.Checks.SelectMany(Replies))
            ShowReply(console, $"{rule.Check.Name}, {about}:", reply);
        return ExitCode.Fine;
    }

    private static void AddFact(Grid facts, string name, string? value)
    {
        if (value is not null)
            facts.AddRow(new Text(name), new Text(value));
    }

    private static IEnumerable<(CheckRule Rule, string About, ReplyTemplate Reply)> Replies(CheckRule rule)
    {
        if (rule.Reply is { Text: not null } reply)
            yield return (rule, "refusal", reply);
        foreach (var (reason, own) in rule.Replies.Where(one => one.Value.Text is not null))
            yield return (rule, reason, own);
        if (rule.TemporaryReply is { Text: not null } temporary)
            yield return (rule, "temporary failure", temporary);
    }

    private static void ShowReply(IAnsiConsole console, string title, ReplyTemplate reply) => ShowLines(
        console, title, reply.Code?.ToString(CultureInfo.InvariantCulture), reply.Text!, reply.Status?.ToString());

    // As the client hears them: all lines but the last have a hyphen behind the code (RFC 5321 §4.2.1).
    private static void ShowLines(IAnsiConsole console, string title, string? code, IReadOnlyList<TextTemplate> lines, string? status = null)
    {
        console.WriteLine(title);
        for (var i = 0; i < lines.Count; i++)
        {
            var start = code is null ? "" : i < lines.Count - 1 ? $"{code}-" : $"{code} ";
            var text = status is null ? lines[i].Source : $"{status} {lines[i].Source}";
            console.Write(new Padder(new Text(start + text), new Padding(2, 0, 0, 0)));
        }
    }

    private static string Words(TextOrigin text) => text switch
    {
        TextOrigin.Authentic => "authentic",
        TextOrigin.Abridged => "authentic, abridged",
        _ => "ours",
    };
}
