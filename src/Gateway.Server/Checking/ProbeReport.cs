using System.Net;
using Gateway.Dns;
using Gateway.Policy.Advising;
using Gateway.Server.Inbound;

namespace Gateway.Server.Checking;

/// <summary>Who answers at a domain's MX hosts, and what that means.</summary>
/// <param name="Domain">Whose hosts they are.</param>
/// <param name="Port">Where they were greeted.</param>
/// <param name="Hosts">Each address, in the order in which senders try them.</param>
/// <param name="Problems">What is wrong in the DNS.</param>
/// <param name="IsUnanswered">The DNS did not answer, so there may be more hosts.</param>
internal sealed record ProbeReport(string Domain, int Port, IReadOnlyList<GreetedHost> Hosts, IReadOnlyList<string> Problems, bool IsUnanswered)
{
    /// <summary>Greets the hosts that the DNS gives.</summary>
    public static async Task<ProbeReport> MakeAsync(IDnsResolver resolver, string domain, int port, string heloName, TimeProvider time, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var hosts = await new MailHostLookup(resolver, static _ => { }).OfDomainAsync(domain, port, cancellationToken);
        if (hosts.Hosts is [{ Preference: null }, ..])
            problems.Add($"{domain} has no MX record: its own address takes the mail (RFC 5321 5.1)");
        problems.AddRange(hosts.Problems);
        problems.AddRange(hosts.Hosts.Select(static host => (host.Name, Reason: PublicAddress.WhyNot(((IPEndPoint)host.Endpoint).Address)))
            .Where(static host => host.Reason is not null).Select(static host => $"{host.Name}: {host.Reason}; no other server can bring mail there"));
        if (hosts.Hosts.Count > MxProbe.MaxHosts)
            problems.Add($"{hosts.Hosts.Count} addresses are too many to greet: these are the first {MxProbe.MaxHosts}");
        return new(domain, port, await new MxProbe(domain, heloName, time).GreetAsync(hosts.Hosts, cancellationToken), problems, hosts.IsUnanswered);
    }

    public int ExitCode =>
        Hosts.Any(static host => host.Verdict is ProbeVerdict.AsksForAuthentication or ProbeVerdict.RefusesDomain or ProbeVerdict.Refuses)
            || (Hosts.Count == 0 && !IsUnanswered) ? Checking.ExitCode.No
        : IsUnanswered || Hosts.Any(static host => host.Verdict != ProbeVerdict.TakesMail) ? Checking.ExitCode.CouldNotSay
        : Checking.ExitCode.Fine;

    /// <summary>What the answer of one host means.</summary>
    public string Meaning(GreetedHost host) => host.Verdict switch
    {
        ProbeVerdict.TakesMail => $"takes mail for {Domain}",
        ProbeVerdict.AsksForAuthentication => $"asks for authentication, which senders on the Internet do not have (5.7.3): it is a server for its own users, and the MX record leads to the wrong server",
        ProbeVerdict.RefusesDomain => $"does not take mail for {Domain}: the MX record leads to a server that does not serve this domain",
        ProbeVerdict.Refuses => $"refuses postmaster@{Domain}, whom a server must take for each of its domains (RFC 5321 4.5.1)",
        ProbeVerdict.Defers => "asks to come again later",
        _ => $"cannot be talked to: {host.Problem}",
    };

    /// <summary>What is worth a look at one host.</summary>
    public static IEnumerable<string> Remarks(GreetedHost host)
    {
        var (name, greeting, ehlo) = (host.Host.Name, Escaped(host.GreetingName), Escaped(host.EhloName));
        if (greeting is not null && ehlo is not null && !Same(greeting, ehlo))
            yield return $"it greets as {greeting} and answers EHLO as {ehlo}: one server says one name";
        if ((ehlo ?? greeting) is { } said && !Same(said, name) && !(greeting is not null && Same(greeting, name)))
            yield return $"it calls itself {said}, and the MX record names {name}: is it the right (virtual) server?";
        if (host.Ehlo is not null && !host.OffersStartTls)
            yield return "it does not offer STARTTLS, so mail comes to it in the clear";
    }

    /// <summary>What shows only beside each other: several servers behind what senders take for one.</summary>
    public IEnumerable<string> RemarksOnAll()
    {
        foreach (var same in Hosts.Where(static host => host.EhloName is not null).GroupBy(static host => host.Host.Name))
            if (same.Select(static host => host.EhloName!.ToUpperInvariant()).Distinct().Count() > 1)
                yield return $"{same.Key} has {same.Count()} addresses, and different servers answer there ({string.Join(", ", same.Select(static host => $"{Escaped(host.EhloName)} at {((IPEndPoint)host.Host.Endpoint).Address}"))}): senders reach one of them at random";
        foreach (var equal in Hosts.GroupBy(static host => host.Host.Preference))
            if (equal.Any(static host => host.Verdict == ProbeVerdict.TakesMail) && equal.Count(static host => host.Verdict != ProbeVerdict.TakesMail) is > 0 and var others)
                yield return $"{others} of {equal.Count()} addresses of the same preference do not take the mail: senders choose among them at random, so some mail is refused and some arrives";
    }

    // What a server says is a stranger's text.
    public static string? Escaped(string? text) => text is null ? null : Escapes.Show(System.Text.Encoding.Latin1.GetBytes(text));

    private static bool Same(string one, string other) => string.Equals(one.TrimEnd('.'), other.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
