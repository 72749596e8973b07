using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>Notices to the sender can be delivered: its domain has MX or an address (RFC 5321 §5.1), and no null MX (RFC 7505).</summary>
public sealed class RequireSenderDomain : IPolicyCheck
{
    // RFC 3463 §3.2: X.1.8 is a bad sender's system address.
    private static readonly Refusal Missing = new("sender-nodomain", 550, 1, 8,
        "Sender address rejected: Domain not found: {domain} has neither MX nor address records");

    // RFC 7505 §4.2: 5.7.27 when the sender's domain has a null MX.
    private static readonly Refusal NullMx = new("sender-nullmx", 550, 7, 27,
        "Sender address rejected: {domain} does not accept mail (null MX), so no answer could reach you");

    private static readonly Refusal Temporary = new("sender-temp", 451, 1, 8,
        "Sender address rejected: the DNS did not answer the lookup of {domain}, try again later");

    public string Name => "require-sender-domain";

    public Stage Stage => Stage.Mail;

    public IReadOnlyList<Refusal> Refusals { get; } = [Missing, NullMx, Temporary];

    public void Prepare(PolicyFacts facts) => facts.BeginSenderDomain();

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var sender = await facts.SenderDomainAsync();
        return sender.Status switch
        {
            SenderDomainStatus.NoDomain => Outcome.Nothing(sender.Detail),
            SenderDomainStatus.Exists => Outcome.Continue(sender.Detail),
            SenderDomainStatus.NullMx => NullMx.Because(sender.Detail),
            SenderDomainStatus.DoesNotExist => Missing.Because(sender.Detail),
            _ => Temporary.Because(sender.Detail),
        };
    }
}
