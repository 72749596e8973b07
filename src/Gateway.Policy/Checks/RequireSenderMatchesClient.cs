using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>
/// The domain of the return address and the client belong together, as KB300171 means it when it says "match": the client's
/// confirmed name lies in the same organization as the domain or one of its mail hosts, or its address is one of theirs.
/// </summary>
public sealed class RequireSenderMatchesClient : IPolicyCheck
{
    private static readonly Refusal Mismatch = new("sender-mismatch", 550, 7, 1,
        "Sender address rejected: {domain} does not match the client [{ip}] ({ptr}), which neither has a name in this domain nor is one of its mail hosts");

    private static readonly Refusal Temporary = new("sender-match-temp", 451, 7, 1,
        "Sender address rejected: the DNS did not answer the lookup of {domain} for the client [{ip}], try again later");

    public string Name => "require-sender-matches-client";

    public Stage Stage => Stage.Mail;

    public IReadOnlyList<Refusal> Refusals { get; } = [Mismatch, Temporary];

    // The hosts of the domain are asked for only if the names do not match: most clients cost no query more.
    public void Prepare(PolicyFacts facts) => facts.BeginSenderDomain();

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Sender?.Mailbox is not { } mailbox)
            return Outcome.Nothing("the sender address is <>, which has no domain to compare");
        if (mailbox.IsAddressLiteral)
            return AddressLiteral.TryParse(mailbox.Domain, out var literal) && literal.Equals(facts.Address)
                ? Outcome.Continue($"the sender's domain is the client's address {literal}")
                : Mismatch.Because("the sender's domain is an address, but not the client's");

        var (sender, client) = (await facts.SenderDomainAsync().WaitAsync(cancellationToken), await facts.Client.WaitAsync(cancellationToken));
        if (NameInCommon(sender, client, facts.Suffixes) is { } match)
            return Outcome.Continue(match);
        var hosts = await facts.SenderHostsAsync().WaitAsync(cancellationToken);
        if (hosts.Status == SenderHostStatus.Found)
            return Outcome.Continue(hosts.Detail);
        if (hosts.Status == SenderHostStatus.TempError)
            return Temporary.Because(hosts.Detail);
        if (client.Iprev == IprevStatus.TempError)
            return Temporary.Because(client.Detail);
        var named = client.ConfirmedName is { } name ? $"its name ({Wording.Shown(name)}) lies in another domain" : "it has no confirmed name";
        return Mismatch.Because($"{hosts.Detail}, and {named}{Note(facts.Suffixes)}");
    }

    /// <summary>A name that does not lead back is anybody's to choose, and never believed.</summary>
    private static string? NameInCommon(SenderDomainFacts sender, ClientFacts client, PublicSuffixes suffixes)
    {
        if (sender.Name is not { } domain || client is not { Iprev: IprevStatus.Pass, ConfirmedName: { } confirmed })
            return null;
        foreach (var ours in sender.MailHosts.Prepend(domain))
            if (suffixes.BelongTogether(ours, confirmed))
                return $"the confirmed name {Wording.Shown(confirmed)} belongs to {Wording.Shown(ours)}{Via(domain, ours)}{Note(suffixes)}";
        return null;
    }

    private static string Via(DomainName domain, DomainName host) => host == domain ? "" : $", where mail for {Wording.Shown(domain)} goes";

    private static string Note(PublicSuffixes suffixes) => suffixes.IsListed ? "" : " (compared by the last two labels, because this machine has no public suffix list)";
}
