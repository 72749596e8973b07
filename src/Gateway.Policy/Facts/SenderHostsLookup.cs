using System.Net;
using System.Net.Sockets;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>
/// Looks for the client among the addresses of the sender's domain and of its mail hosts, in the client's family only: the
/// other one cannot hold it.
/// </summary>
internal sealed class SenderHostsLookup(IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time)
{
    public async Task<SenderHostFacts> LookupAsync(IPAddress address, Task<SenderDomainFacts> asking, CancellationToken cancellationToken)
    {
        var sender = await asking;
        if (sender.Name is not { } domain)
            return new(SenderHostStatus.NotFound, null, "the sender has no domain to look up", []);
        var shown = Wording.Shown(domain);
        if (sender.Status == SenderDomainStatus.TempError)
            return new(SenderHostStatus.TempError, null, sender.Detail, []);
        if (sender.Status is SenderDomainStatus.DoesNotExist or SenderDomainStatus.NullMx)
            return new(SenderHostStatus.NotFound, null, sender.Detail, []);
        // Without MX the domain's own addresses take its place, and are known already (RFC 5321 §5.1).
        var type = address.AddressFamily == AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa;
        if (sender.MailHosts.Count == 0)
            return Judge(address, shown, [.. sender.Trail.Where(step => step.Answer.Question.Type == type)], []);

        using var inquiry = new Inquiry(resolver, options.Deadline, time, cancellationToken);
        Task<TrailStep>[] steps =
        [
            .. sender.MailHosts.Take(options.MaxNames).Prepend(domain).Distinct()
                .Select(host => inquiry.AskInTimeAsync(new(host, type)).AsTask()),
        ];
        var trail = await Task.WhenAll(steps);
        return Judge(address, shown, trail, trail);
    }

    private static SenderHostFacts Judge(IPAddress address, string domain, IReadOnlyList<TrailStep> answers, IReadOnlyList<TrailStep> trail)
    {
        if (answers.FirstOrDefault(step => Holds(step.Answer, address))?.Answer.Question.Name is { } host)
            return new(SenderHostStatus.Found, host, $"{address} is an address of {Wording.Shown(host)}, where mail for {domain} goes", trail);
        if (answers.FirstOrDefault(step => step.Answer.IsTemporaryFailure) is { } failed)
        {
            var detail = $"could not look up the address of {Wording.Shown(failed.Answer.Question.Name)}: {Wording.Trouble(failed.Answer)}";
            return new(SenderHostStatus.TempError, null, detail, trail);
        }
        return new(SenderHostStatus.NotFound, null, $"{address} is not an address of {domain} or of its mail hosts", trail);
    }

    private static bool Holds(DnsAnswer answer, IPAddress address) =>
        answer.Records.Any(record => record is AddressRecord found && found.Address.Equals(address));
}
