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
            problems.Add($"{domain} has no MX record, so mail goes to its own address (RFC 5321 5.1)");
        problems.AddRange(hosts.Problems);
        problems.AddRange(hosts.Hosts.Select(static host => (host.Name, Reason: PublicAddress.WhyNot(((IPEndPoint)host.Endpoint).Address)))
            .Where(static host => host.Reason is not null).Select(static host => $"{host.Name}: {host.Reason}, so no other server can deliver mail there"));
        if (hosts.Hosts.Count > MxProbe.MaxHosts)
            problems.Add($"the MX hosts have {hosts.Hosts.Count} addresses; only the first {MxProbe.MaxHosts} were tried");
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
        ProbeVerdict.TakesMail => $"accepts mail for {Domain}",
        ProbeVerdict.AsksForAuthentication => $"requires authentication (5.7.3), which other mail servers do not have: this is a server for its own users, so the MX record leads to the wrong server",
        ProbeVerdict.RefusesDomain => $"does not accept mail for {Domain}: the MX record leads to a server that does not serve this domain",
        ProbeVerdict.Refuses => $"refuses postmaster@{Domain}, although a server must accept this address for each of its domains (RFC 5321 4.5.1)",
        ProbeVerdict.Defers => "asks the client to try again later",
        _ => $"no dialogue was possible: {host.Problem}",
    };

    /// <summary>What is worth a look at one host.</summary>
    public static IEnumerable<string> Remarks(GreetedHost host)
    {
        var (name, greeting, ehlo) = (host.Host.Name, Escaped(host.GreetingName), Escaped(host.EhloName));
        if (greeting is not null && ehlo is not null && !Same(greeting, ehlo))
            yield return $"the greeting says {greeting}, but the answer to EHLO says {ehlo}: a server should use one name";
        if ((ehlo ?? greeting) is { } said && !Same(said, name) && !(greeting is not null && Same(greeting, name)))
            yield return $"the server calls itself {said}, but the MX record names {name}: check that this is the right (virtual) server";
        if (host.Ehlo is not null && !host.OffersStartTls)
            yield return "the server does not offer STARTTLS, so mail reaches it without encryption";
    }

    /// <summary>What shows only beside each other: several servers behind what senders take for one.</summary>
    public IEnumerable<string> RemarksOnAll()
    {
        foreach (var same in Hosts.Where(static host => host.EhloName is not null).GroupBy(static host => host.Host.Name))
            if (same.Select(static host => host.EhloName!.ToUpperInvariant()).Distinct().Count() > 1)
                yield return $"{same.Key} has {same.Count()} addresses with different servers ({string.Join(", ", same.Select(static host => $"{Escaped(host.EhloName)} at {((IPEndPoint)host.Host.Endpoint).Address}"))}), so a sender reaches one of them at random";
        foreach (var equal in Hosts.GroupBy(static host => host.Host.Preference))
            if (equal.Any(static host => host.Verdict == ProbeVerdict.TakesMail) && equal.Count(static host => host.Verdict != ProbeVerdict.TakesMail) is > 0 and var others)
                yield return $"{others} of {equal.Count()} addresses with the same preference do not accept the mail: senders choose one at random, so some mail arrives and some is refused";
    }

    // What a server says is a stranger's text.
    public static string? Escaped(string? text) => text is null ? null : Escapes.Show(System.Text.Encoding.Latin1.GetBytes(text));

    private static bool Same(string one, string other) => string.Equals(one.TrimEnd('.'), other.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
