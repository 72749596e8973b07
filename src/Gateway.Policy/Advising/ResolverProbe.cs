using System.Net;
using Gateway.Dns;
using Gateway.Policy.Checks;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;

namespace Gateway.Policy.Advising;

/// <summary>
/// Asks a resolver what can have one answer only, to find out whether its answers can be trusted. A resolver that invents an address for
/// names that do not exist makes every client look listed, and every sender's domain look real.
/// </summary>
/// <param name="resolver">The one that facts about clients come from.</param>
/// <param name="lists">Each has test entries (RFC 5782 §5): 127.0.0.2 is on it, 127.0.0.1 is not.</param>
/// <param name="label">One that nobody has asked for, so that no cache knows it.</param>
public sealed class ResolverProbe(IDnsResolver resolver, IReadOnlyList<AddressList> lists, string label)
{
    private static readonly IPAddress OnEveryList = IPAddress.Parse("127.0.0.2");

    /// <summary>The lists that profiles and exemptions ask, each once.</summary>
    public static IReadOnlyList<AddressList> ListsOf(IEnumerable<Profile> profiles, Exemptions exemptions) =>
    [
        .. profiles.SelectMany(static profile => profile.Checks).Select(static rule => rule.Check).OfType<RefuseListed>().SelectMany(static check => check.Lists)
            .Concat(exemptions.Lists.Select(static zone => new AddressList(zone, IsAllow: true)))
            .DistinctBy(static list => list.Zone),
    ];

    /// <summary>What is wrong, a clause for each thing; nothing where the DNS gave no answer, for that is another trouble.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(CancellationToken cancellationToken)
    {
        Task<string?>[] asking = [NameThatCannotExistAsync(cancellationToken), .. lists.SelectMany(list => new[]
        {
            NobodysEntryAsync(list, cancellationToken), TestEntryAsync(list, cancellationToken),
        })];
        return [.. (await Task.WhenAll(asking)).OfType<string>()];
    }

    // RFC 6761 §6.4: "invalid" has no names, and never will.
    private async Task<string?> NameThatCannotExistAsync(CancellationToken cancellationToken)
    {
        var answer = await resolver.ResolveAsync(new(DomainName.Parse($"{label}.invalid"), RecordType.A), cancellationToken);
        return answer.Status switch
        {
            DnsStatus.Found => $"it answered {Addresses(answer)} for a name that cannot exist ({label}.invalid, RFC 6761)",
            DnsStatus.Malformed => $"its answer for a name that cannot exist ({label}.invalid, RFC 6761) is malformed: {Wording.Trouble(answer)}",
            _ => null,
        };
    }

    private async Task<string?> NobodysEntryAsync(AddressList list, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(list, IPAddress.Loopback, cancellationToken);
        return answer.Status == DnsStatus.Found && Unusable(list, answer) is null
            ? $"{Wording.Shown(list.Zone)} lists 127.0.0.1, which no list may do (RFC 5782 section 5), so it seems to list every address"
            : null;
    }

    private async Task<string?> TestEntryAsync(AddressList list, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(list, OnEveryList, cancellationToken);
        return answer.Status switch
        {
            DnsStatus.Found when Unusable(list, answer) is { } why => $"{Wording.Shown(list.Zone)} answered {why}",
            DnsStatus.NameError or DnsStatus.NoData =>
                $"{Wording.Shown(list.Zone)} does not list its test entry 127.0.0.2 (RFC 5782 section 5), so its name is wrong or the list is no longer operated",
            _ => null,
        };
    }

    private ValueTask<DnsAnswer> AskAsync(AddressList list, IPAddress entry, CancellationToken cancellationToken) =>
        resolver.ResolveAsync(new(ReverseName.Below(list.Zone, entry)!, RecordType.A), cancellationToken);

    private static string? Unusable(AddressList list, DnsAnswer answer) => answer.Records.OfType<AddressRecord>()
        .Select(record => list.WhyUnusable(record.Address) is { } why ? $"{record.Address}, {why}" : null).FirstOrDefault(static why => why is not null);

    private static string Addresses(DnsAnswer answer) =>
        Wording.Listed([.. answer.Records.OfType<AddressRecord>().Select(static record => record.Address.ToString())]);
}
