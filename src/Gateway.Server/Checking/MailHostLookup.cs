using System.Net;
using Gateway.Dns;

namespace Gateway.Server.Checking;

/// <summary>Finds the servers that take a domain's mail, as a sending server does (RFC 5321 §5.1).</summary>
/// <param name="resolver">The DNS.</param>
/// <param name="stage">Hears what was found.</param>
public sealed class MailHostLookup(IDnsResolver resolver, Action<string> stage)
{
    /// <summary>MX hosts whose addresses are asked for; the others would hardly be reached.</summary>
    private const int MaxExchanges = 10;

    /// <summary>By MX, lowest preference first; without MX records the addresses of the domain itself.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants the answer.</exception>
    public async Task<MailHosts> OfDomainAsync(string domain, int port, CancellationToken cancellationToken)
    {
        if (!InternationalName.TryParse(domain, out var name))
            return MailHosts.None($"{domain} is no domain name");
        var answer = await resolver.ResolveAsync(new(name, RecordType.Mx), cancellationToken);
        switch (answer.Status)
        {
            case DnsStatus.Found when answer.Records is [MxRecord { IsNull: true }]:
                return MailHosts.None($"{domain} takes no mail: it has a null MX record (RFC 7505)");
            case DnsStatus.Found:
                break;
            case DnsStatus.NoData:
                stage($"{domain} has no MX record: its own address takes the mail (RFC 5321 §5.1)");
                return await OfHostAsync(name, port, cancellationToken);
            case DnsStatus.NameError:
                return MailHosts.None($"{domain} does not exist in the DNS");
            default:
                return MailHosts.None($"could not look up the MX records of {domain}: {Trouble(answer)}") with { IsUnanswered = true };
        }
        var exchanges = answer.Records.OfType<MxRecord>().Where(static record => !record.IsNull).OrderBy(static record => record.Preference).ToList();
        var (found, problems, isUnanswered) = (new List<MailHost>(), new List<string>(), false);
        foreach (var exchange in exchanges.Take(MaxExchanges))
        {
            stage($"{domain} has the MX record {exchange.Preference} {exchange.Exchange}");
            var hosts = await OfHostAsync(exchange.Exchange, port, cancellationToken);
            found.AddRange(hosts.Hosts.Select(host => host with { Preference = exchange.Preference }));
            problems.AddRange(hosts.Problems);
            isUnanswered |= hosts.IsUnanswered;
        }
        var problem = found.Count > 0 ? null : problems.FirstOrDefault() ?? $"no MX record of {domain} names a host";
        return new(found, problem) { Problems = problems, IsUnanswered = isUnanswered };
    }

    /// <summary>The addresses of one host, IPv4 first.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants the answer.</exception>
    public async Task<MailHosts> OfHostAsync(DomainName host, int port, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            resolver.ResolveAsync(new(host, RecordType.A), cancellationToken).AsTask(),
            resolver.ResolveAsync(new(host, RecordType.Aaaa), cancellationToken).AsTask());
        var addresses = answers.SelectMany(static answer => answer.Records).OfType<AddressRecord>().Select(static record => record.Address).ToList();
        if (addresses.Count > 0)
        {
            stage($"{host} has the address{(addresses.Count == 1 ? "" : "es")} {string.Join(", ", addresses)}");
            return new([.. addresses.Select(address => new MailHost(host.ToString(), new IPEndPoint(address, port)))], null);
        }
        return answers.FirstOrDefault(static answer => answer.IsTemporaryFailure) is { } failed
            ? MailHosts.None($"could not look up the address of {host}: {Trouble(failed)}") with { IsUnanswered = true }
            : MailHosts.None($"{host} has no address in the DNS");
    }

    private static string Trouble(DnsAnswer answer) => answer.Detail ?? answer.Status.ToString();
}
