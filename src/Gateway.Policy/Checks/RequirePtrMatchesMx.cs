using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>
/// A PTR name of the client is a host that the MX records of the sender's domain name. KB300171 tells of receivers that want it. Many
/// domains send and receive through different hosts, so it is off everywhere but in profiles that are known to ask for it.
/// </summary>
public sealed class RequirePtrMatchesMx : IPolicyCheck
{
    private static readonly Refusal Mismatch = new("mx-mismatch", 550, 7, 1,
        "The reverse DNS name {ptr} of [{ip}] is not a mail exchanger (MX) of {domain}");

    private static readonly Refusal Temporary = new("mx-temp", 451, 7, 1,
        "The DNS did not answer the lookup of the mail exchangers (MX) of {domain}, try again later");

    public string Name => "require-ptr-matches-mx";

    public Stage Stage => Stage.Mail;

    public IReadOnlyList<Refusal> Refusals { get; } = [Mismatch, Temporary, ReverseDnsRefusals.None, ReverseDnsRefusals.Temporary];

    public void Prepare(PolicyFacts facts) => facts.BeginSenderDomain();

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Sender?.Mailbox is not { IsAddressLiteral: false })
            return Outcome.Continue("the sender address has no domain whose MX records could be compared");
        var (sender, client) = (await facts.SenderDomainAsync().WaitAsync(cancellationToken), await facts.Client.WaitAsync(cancellationToken));
        if (sender.Status == SenderDomainStatus.TempError)
            return Temporary.Because(sender.Detail);
        if (sender.Name is not { } domain)
            return Outcome.Continue("the sender address has no domain whose MX records could be compared");
        // RFC 5321 §5.1: without MX the domain itself takes the mail.
        IReadOnlyList<DomainName> hosts = sender.MailHosts is { Count: > 0 } mailHosts ? mailHosts : [domain];
        if (client.Names.FirstOrDefault(ptr => hosts.Contains(ptr.Name)) is { } match)
            return Outcome.Continue($"{Wording.Shown(match.Name)} is a PTR name of {client.Address} and a mail exchanger of {Wording.Shown(domain)}");
        return client switch
        {
            { Iprev: IprevStatus.PermError } => ReverseDnsRefusals.None.Because(client.Detail),
            // A PTR lookup that failed may have hidden the name that matches.
            { Iprev: IprevStatus.TempError } => ReverseDnsRefusals.Temporary.Because(client.Detail),
            _ => Mismatch.Because(
                $"the PTR name of {client.Address} is {Listed(client.Names.Select(ptr => ptr.Name))}, but mail for {Wording.Shown(domain)} goes to {Listed(hosts)}"),
        };
    }

    private static string Listed(IEnumerable<DomainName> names) => Wording.Listed([.. names.Select(name => Wording.Shown(name))]);
}
