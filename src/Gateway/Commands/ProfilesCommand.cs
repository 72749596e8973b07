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

/// <summary><c>gateway profiles</c>: lists the profiles, or shows what one of them does.</summary>
internal static class ProfilesCommand
{
    // In the order in which people look for a profile: first a policy for a listener, then receivers to imitate.
    private static readonly (ProfileKind Kind, string Heading)[] Headings =
    [
        (ProfileKind.Own, "Gateway's policies"),
        (ProfileKind.Receiver, "receivers of today"),
        (ProfileKind.Past, "earlier receivers"),
        (ProfileKind.Software, "server software"),
    ];

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Show this profile, for example aol-2006. [default: list all profiles]", Arity = ArgumentArity.ZeroOrOne };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "Read more profiles from this folder. [default: the built-in profiles only]", HelpName = "FOLDER" };
        var json = new Option<bool>("--json") { Description = "Print JSON: an array of all profiles, or the profile NAME. docs/profiles.md describes it." };
        var command = new Command("profiles", "List the profiles that a listener can use, or show one of them.") { name, folder, json };
        command.SetAction(parsed => Run(parsed.GetValue(name), parsed.GetValue(folder)?.FullName, parsed.GetValue(json), parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(string? name, string? folder, bool isJson, InvocationConfiguration streams)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw ConfigurationException.OfCommandLine($"the folder \"{folder}\" does not exist: check the path after --folder");
        var library = ProfileLibrary.Load(folder);
        if (library.Errors.Count > 0)
            throw new ConfigurationException(library.Errors) { Subject = "the profiles have" };
        if (name is null)
            return isJson ? ProfileJson.Write(streams.Output, library) : List(library, Terminal.Create(streams.Output));
        if (library.Find(name) is { } profile)
            return isJson ? ProfileJson.Write(streams.Output, library, name) : Show(profile, Terminal.Create(streams.Output));
        streams.Error.WriteLine($"gateway: no profile is called \"{name}\"{Suggestion.For(name, library.Names)}; \"gateway profiles\" lists all");
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
        AddFact(facts, "source", profile.Source);
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
            ShowLines(console, $"reply to {step.ToString().ToLowerInvariant()}, if accepted:", Dialogue.CodeOf(step).ToString(CultureInfo.InvariantCulture), reply.Lines);
        if (profile.Dialogue?.Extensions is { } extensions)
            console.WriteLine($"extensions in the reply to ehlo: {string.Join(", ", extensions)}");
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

    // As sent to the client: every line but the last has a hyphen after the code (RFC 5321 §4.2.1).
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
        TextOrigin.Authentic => "the receiver's own",
        TextOrigin.Abridged => "the receiver's own, abridged",
        _ => "Gateway's",
    };
}
