using System.CommandLine;
using System.Net;
using Gateway.Cli.Checking;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Cli;

/// <summary><c>gateway check</c>: who would refuse mail from an address, with which words, and what to publish.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    // A domain of RFC 2606 that nobody exempts.
    private static readonly ForwardPath Somebody = new(new("someone", "receiver.example"));

    private static readonly Argument<IPAddress[]> Addresses = new("ADDRESS")
    {
        Description = "The address from which the mail comes, as the world sees it; several for a summary.",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = CheckArguments.Addresses,
    };

    private static readonly Option<FileInfo?> AddressesFrom = new("--file", "-f")
    {
        Description = "A file with an address in each line.",
        HelpName = "FILE",
    };

    private static readonly Option<Helo?> HeloName = new("--helo")
    {
        Description = "What the server says after EHLO. [default: its name in the DNS]",
        HelpName = "NAME",
        CustomParser = MailArguments.Helo,
    };

    private static readonly Option<ReversePath?> From = new("--from")
    {
        Description = "The return address, whose domain is looked up.",
        HelpName = "MAILBOX",
        CustomParser = MailArguments.From,
    };

    private static readonly Option<ForwardPath?> To = new("--to")
    {
        Description = $"The recipient; postmaster and abuse are exempt everywhere. [default: {Somebody.Mailbox}]",
        HelpName = "MAILBOX",
        CustomParser = CheckArguments.To,
    };

    private static readonly Option<string[]> Profiles = new("--profile", "-p")
    {
        Description = "The receivers, parted by commas; \"gateway profiles\" lists them. [default: all]",
        HelpName = "NAMES",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<IPEndPoint[]> DnsServers = new("--dns")
    {
        Description = "The DNS server to ask; may be repeated. [default: the system's]",
        HelpName = "ADDRESS[:PORT]",
        CustomParser = CheckArguments.Servers,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<ResourceRecord[]> Assume = new("--assume")
    {
        Description = "A record as if it were published, such as \"5.113.0.203.in-addr.arpa. PTR mail.example.com.\"; may be repeated.",
        HelpName = "RECORD",
        CustomParser = CheckArguments.Records,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> AsJson = new("--json") { Description = "Prints one JSON document (docs/check.md)." };

    public static Command Create()
    {
        var command = new Command("check", "Says which receivers would refuse mail from an address, why, and what to publish.")
        {
            Addresses, AddressesFrom, HeloName, From, To, Profiles, DnsServers, Assume, AsJson, Commands.Config, Commands.Settings,
        };
        command.Validators.Add(static result =>
        {
            if (result.GetResult(Addresses) is not { Tokens.Count: > 0 } && result.GetResult(AddressesFrom) is not { Tokens.Count: > 0 })
                result.AddError($"an address is missing: type \"gateway check\" and {CheckArguments.AddressWanted}");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var streams = parsed.InvocationConfiguration;
        var (request, mistakes) = Read(parsed);
        if (request is null)
        {
            foreach (var mistake in mistakes)
                await streams.Error.WriteLineAsync($"gateway: {mistake}");
            await streams.Error.WriteLineAsync("Type \"gateway check --help\" for more.");
            return ExitCode.WrongUse;
        }
        var reports = new SenderCheck(request, TimeProvider.System).RunAsync(cancellationToken);
        if (parsed.GetValue(AsJson))
            return await ReportJson.WriteAsync(streams.Output, request, reports, cancellationToken);
        var console = Terminal.Create(streams.Output);
        return request.Addresses.Count == 1
            ? await ReportView.WriteAsync(console, request, reports)
            : await SummaryView.WriteAsync(console, request, reports);
    }

    /// <exception cref="ConfigurationException">The configuration or a profile is wrong.</exception>
    private static (CheckRequest? Request, IReadOnlyList<string> Mistakes) Read(ParseResult parsed)
    {
        var options = parsed.GetValue(Commands.Config) is null ? null : Commands.LoadConfiguration(parsed);
        var library = ProfileLibrary.Load(options?.Policy.ProfilesFolder);
        if (library.Errors.Count > 0)
            throw new ConfigurationException(library.Errors);
        var mistakes = new List<string>();
        var profiles = Chosen(library, parsed.GetValue(Profiles) ?? [], mistakes);
        IReadOnlyList<IPAddress> addresses = parsed.GetValue(Addresses) ?? [];
        if (parsed.GetValue(AddressesFrom) is { } file)
        {
            var (more, wrong) = AddressFile.Read(file.ToString());
            addresses = [.. addresses, .. more];
            mistakes.AddRange(wrong);
        }
        if (mistakes.Count > 0)
            return (null, mistakes);
        var servers = parsed.GetValue(DnsServers) is { Length: > 0 } given ? given : options?.Dns.Servers ?? [];
        return (new()
        {
            Addresses = addresses,
            Helo = parsed.GetValue(HeloName),
            From = parsed.GetValue(From),
            To = parsed.GetValue(To) ?? Somebody,
            Profiles = profiles,
            Assumed = parsed.GetValue(Assume) ?? [],
            Servers = servers.Count > 0 ? servers : SystemServers.Read(),
            Deadline = options?.Dns.Deadline ?? Deadline,
            PublicSuffixFile = options?.Policy.PublicSuffixFile,
        }, []);
    }

    private static List<Profile> Chosen(ProfileLibrary library, string[] given, List<string> mistakes)
    {
        var names = given.SelectMany(static names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (names.Count == 0 || names.Contains("all"))
            return [.. library.Profiles];
        mistakes.AddRange(names.Where(name => library.Find(name) is null)
            .Select(name => $"there is no profile \"{name}\"; there are {string.Join(", ", library.Names)}, and all"));
        return [.. names.Distinct().Select(library.Find).OfType<Profile>()];
    }
}
