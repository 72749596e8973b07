using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>Where facts come from: every lookup, over one resolver. Made once, safe for all connections at once.</summary>
/// <param name="resolver">Asked; one that caches, if many clients come.</param>
/// <param name="options">How much one lookup may cost.</param>
/// <param name="time">For the deadlines.</param>
/// <param name="suffixes">Where organizations begin; null when the machine has no list.</param>
/// <param name="listTrouble">Hears, once a day for each list of addresses, that its answers are unusable, and why.</param>
public sealed class FactSources(
    IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time, PublicSuffixes? suffixes = null, Action<DomainName, string>? listTrouble = null)
{
    public ReverseDnsLookup ReverseDns { get; } = new(resolver, options, time);

    public SenderDomainLookup SenderDomains { get; } = new(resolver, options, time);

    public PublicSuffixes Suffixes { get; } = suffixes ?? PublicSuffixes.None;

    internal SenderHostsLookup SenderHosts { get; } = new(resolver, options, time);

    internal HeloHostLookup HeloHosts { get; } = new(resolver, options, time);

    public ListLookup Lists { get; } = new(resolver, options, time);

    internal ListTroubles ListTroubles { get; } = new(listTrouble, time);
}
