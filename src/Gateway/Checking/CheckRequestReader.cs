using System.CommandLine;
using Gateway.Dns;
using Gateway.Policy.Profiles;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using static Gateway.Checking.CheckOptions;

namespace Gateway.Checking;

/// <summary>Reads the request from the command line, or lists every mistake in it.</summary>
internal static class CheckRequestReader
{
    /// <exception cref="ConfigurationException">The configuration or a profile is wrong.</exception>
    public static (CheckRequest? Request, IReadOnlyList<string> Mistakes) Read(ParseResult parsed)
    {
        var options = CheckConfiguration.Read(parsed);
        var library = ProfileLibrary.Load(options?.Policy.ProfilesFolder);
        if (library.Errors.Count > 0)
            throw new ConfigurationException(library.Errors) { Subject = "the profiles have" };
        var mistakes = new List<string>();
        var receivers = Receivers(library, parsed, mistakes);
        IReadOnlyList<CheckSubject> subjects = parsed.GetValue(Subjects) ?? [];
        if (parsed.GetValue(SubjectsFrom) is { } file)
        {
            var (more, wrong) = AddressFile.Read(file.ToString());
            subjects = [.. subjects, .. more];
            mistakes.AddRange(wrong);
        }
        string? domain = null;
        if (parsed.GetValue(Probe))
            (domain, subjects) = Domain(parsed, subjects, mistakes);
        if (mistakes.Count > 0)
            return (null, mistakes);
        var servers = parsed.GetValue(DnsServers) is { Length: > 0 } given ? given : options?.Dns.Servers ?? [];
        var lists = parsed.GetValue(Lists) ? PublicLists.BuiltIn : [];
        return (new()
        {
            Subjects = subjects,
            Helo = parsed.GetValue(HeloName),
            From = parsed.GetValue(From),
            To = parsed.GetValue(To) ?? CheckRequest.Somebody,
            Receivers = receivers,
            Assumed = parsed.GetValue(Assume) ?? [],
            Lists = [.. lists.Concat((parsed.GetValue(MoreLists) ?? []).Select(PublicLists.Of)).DistinctBy(static list => list.Zone)],
            ProbeDomain = domain,
            ProbePort = parsed.GetValue(Port) ?? 25,
            Servers = servers.Count > 0 ? servers : SystemServers.Read(),
            Deadline = options?.Dns.Deadline ?? Deadline,
            PublicSuffixFile = options?.Policy.PublicSuffixFile,
        }, []);
    }

    // The domain of --from, or the name in place of the address. In the second case there is no address to check.
    private static (string? Domain, IReadOnlyList<CheckSubject> Subjects) Domain(ParseResult parsed, IReadOnlyList<CheckSubject> subjects, List<string> mistakes)
    {
        if (parsed.GetValue(From)?.Mailbox is { IsAddressLiteral: false } mailbox)
            return (mailbox.Domain, subjects);
        if (subjects is [CheckSubject.OfHost { Name: var name }])
            return (name.ToString(), []);
        mistakes.Add("--probe needs one domain, whose MX hosts it connects to: type the domain in place of the address, or --from user@example.com");
        return (null, subjects);
    }

    private static ReceiverChoice Receivers(ProfileLibrary library, ParseResult parsed, List<string> mistakes)
    {
        if (parsed.GetValue(Era) is { } year)
        {
            var ofYear = ReceiverChoice.OfYear(library, year);
            if (ofYear.Judges.Count == 0)
                mistakes.Add($"no profile describes a receiver of {year}: \"gateway profiles\" lists the receivers, and \"gateway profiles NAME\" shows their years");
            return ofYear;
        }
        var names = (parsed.GetValue(Profiles) ?? [])
            .SelectMany(static names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (names.Count == 0)
            return ReceiverChoice.OfToday(library);
        if (names.Contains("all"))
            return ReceiverChoice.Named([.. library.Profiles]);
        mistakes.AddRange(names.Where(name => library.Find(name) is null)
            .Select(name => $"no profile is called \"{name}\"{Suggestion.For(name, library.Names)}; \"gateway profiles\" lists all"));
        return ReceiverChoice.Named([.. names.Distinct().Select(library.Find).OfType<Profile>()]);
    }
}
