using Gateway.Dns;

namespace Gateway.Server.Checking;

/// <summary>Asks for the addresses of host names that were given in the place of addresses.</summary>
internal sealed class HostNames(IDnsResolver resolver)
{
    /// <summary>Names under way at once.</summary>
    private const int MaxConcurrent = 16;

    /// <summary>In the order of the subjects.</summary>
    public async Task<FoundAddresses> FindAsync(IReadOnlyList<CheckSubject> subjects, CancellationToken cancellationToken)
    {
        var (addresses, missing, unanswered) = (new List<CheckedAddress>(), new List<string>(), new List<string>());
        foreach (var some in subjects.Chunk(MaxConcurrent))
            foreach (var found in await Task.WhenAll(some.Select(subject => FindAsync(subject, cancellationToken))))
            {
                addresses.AddRange(found.Addresses);
                missing.AddRange(found.Missing);
                unanswered.AddRange(found.Unanswered);
            }
        return new(addresses, missing, unanswered);
    }

    private async Task<FoundAddresses> FindAsync(CheckSubject subject, CancellationToken cancellationToken)
    {
        if (subject is not CheckSubject.OfHost { Name: var name })
            return new([new(((CheckSubject.OfAddress)subject).Address, null)], [], []);
        var answers = await Task.WhenAll(AskAsync(RecordType.A), AskAsync(RecordType.Aaaa));
        var addresses = answers.SelectMany(static answer => answer.Records).OfType<AddressRecord>().Select(static record => record.Address).ToList();
        if (addresses.Count > 0)
            return new([.. addresses.Select(address => new CheckedAddress(address, name))], [], []);
        if (answers.FirstOrDefault(static answer => answer.IsTemporaryFailure) is { } failed)
            return new([], [], [$"could not look up the addresses of {name}: {failed.Detail ?? failed.Status.ToString()}. Check again later, or type the address"]);
        if (answers.Any(static answer => answer.Status == DnsStatus.NameError))
            return new([], [$"{name} does not exist in the DNS, so it has no address to check. Type another name, or the address"], []);
        var exchange = (await AskAsync(RecordType.Mx)).Records.OfType<MxRecord>().FirstOrDefault(static record => !record.IsNull);
        var hint = exchange is null ? "Type another name, or the address" : $"Its MX record names {exchange.Exchange}: check that host if it also sends the mail";
        return new([], [$"{name} has no address in the DNS. {hint}"], []);

        Task<DnsAnswer> AskAsync(RecordType type) => resolver.ResolveAsync(new(name, type), cancellationToken).AsTask();
    }
}

/// <summary>What host names led to.</summary>
/// <param name="Addresses">Each that was found or given.</param>
/// <param name="Missing">A sentence for each name that has no address.</param>
/// <param name="Unanswered">A sentence for each name about which the DNS did not answer.</param>
internal sealed record FoundAddresses(
    IReadOnlyList<CheckedAddress> Addresses, IReadOnlyList<string> Missing, IReadOnlyList<string> Unanswered);
