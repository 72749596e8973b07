using System.CommandLine;
using Gateway.Cli.Checking;
using Gateway.Configuration;
using Gateway.Dns;
using static Gateway.Cli.Checking.CheckOptions;

namespace Gateway.Cli;

/// <summary><c>gateway check</c>: who would refuse mail from an address, with which words, and what to publish.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Check which receivers would refuse mail from an address, why, and what to publish.")
        {
            Subjects, SubjectsFrom, HeloName, From, To, Profiles, Era, DnsServers, Assume, Details, AsJson, Commands.Config, Commands.Settings,
        };
        command.Validators.Add(static result =>
        {
            if (result.GetResult(Subjects) is not { Tokens.Count: > 0 } && result.GetResult(SubjectsFrom) is not { Tokens.Count: > 0 })
                result.AddError($"an address is missing: type \"gateway check\" and {CheckArguments.AddressWanted}");
            if (result.GetResult(Era) is { Tokens.Count: > 0 } && result.GetResult(Profiles) is { Tokens.Count: > 0 })
                result.AddError("--era chooses the receivers of a year, --profile names them: say one of them");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var streams = parsed.InvocationConfiguration;
        var (request, mistakes) = Read(parsed);
        if (request is null)
            return await WrongUseAsync(streams, mistakes);
        var check = new SenderCheck(request, TimeProvider.System);
        var found = await check.FindAsync(cancellationToken);
        if (found.Missing.Count > 0)
            return await WrongUseAsync(streams, found.Missing);
        foreach (var problem in found.Unanswered)
            await streams.Error.WriteLineAsync($"gateway: {problem}");
        if (found.Unanswered.Count > 0)
            return ExitCode.CouldNotSay;

        var reports = check.RunAsync(found.Addresses, cancellationToken);
        if (parsed.GetValue(AsJson))
            return await ReportJson.WriteAsync(streams.Output, request, reports, cancellationToken);
        var console = Terminal.Create(streams.Output);
        return found.Addresses.Count == 1
            ? (await new ReportView(console, request, parsed.GetValue(Details)).WriteAsync(reports)).ExitCode
            : await SummaryView.WriteAsync(console, found.Addresses.Count, reports);
    }

    private static async Task<int> WrongUseAsync(InvocationConfiguration streams, IReadOnlyList<string> mistakes)
    {
        foreach (var mistake in mistakes)
            await streams.Error.WriteLineAsync($"gateway: {mistake}");
        await streams.Error.WriteLineAsync("Type \"gateway check --help\" for more.");
        return ExitCode.WrongUse;
    }

    /// <exception cref="ConfigurationException">The configuration or a profile is wrong.</exception>
    private static (CheckRequest? Request, IReadOnlyList<string> Mistakes) Read(ParseResult parsed)
    {
        var options = CheckConfiguration.Read(parsed);
        var library = ProfileLibrary.Load(options?.Policy.ProfilesFolder);
        if (library.Errors.Count > 0)
            throw new ConfigurationException(library.Errors);
        var mistakes = new List<string>();
        var receivers = Receivers(library, parsed, mistakes);
        IReadOnlyList<CheckSubject> subjects = parsed.GetValue(Subjects) ?? [];
        if (parsed.GetValue(SubjectsFrom) is { } file)
        {
            var (more, wrong) = AddressFile.Read(file.ToString());
            subjects = [.. subjects, .. more];
            mistakes.AddRange(wrong);
        }
        if (mistakes.Count > 0)
            return (null, mistakes);
        var servers = parsed.GetValue(DnsServers) is { Length: > 0 } given ? given : options?.Dns.Servers ?? [];
        return (new()
        {
            Subjects = subjects,
            Helo = parsed.GetValue(HeloName),
            From = parsed.GetValue(From),
            To = parsed.GetValue(To) ?? CheckRequest.Somebody,
            Receivers = receivers,
            Assumed = parsed.GetValue(Assume) ?? [],
            Servers = servers.Count > 0 ? servers : SystemServers.Read(),
            Deadline = options?.Dns.Deadline ?? Deadline,
            PublicSuffixFile = options?.Policy.PublicSuffixFile,
        }, []);
    }

    private static ReceiverChoice Receivers(ProfileLibrary library, ParseResult parsed, List<string> mistakes)
    {
        if (parsed.GetValue(Era) is { } year)
        {
            var ofYear = ReceiverChoice.OfYear(library, year);
            if (ofYear.Judges.Count == 0)
                mistakes.Add($"no receiver is known from {year}; \"gateway profiles\" lists the receivers, and \"gateway profiles NAME\" says from which years each is known");
            return ofYear;
        }
        var names = (parsed.GetValue(Profiles) ?? [])
            .SelectMany(static names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (names.Count == 0)
            return ReceiverChoice.OfToday(library);
        if (names.Contains("all"))
            return ReceiverChoice.Named([.. library.Profiles]);
        mistakes.AddRange(names.Where(name => library.Find(name) is null)
            .Select(name => $"there is no profile \"{name}\"; there are {string.Join(", ", library.Names)}, and all"));
        return ReceiverChoice.Named([.. names.Distinct().Select(library.Find).OfType<Policy.Profile>()]);
    }
}
