using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>The name in HELO or EHLO has an address (RFC 5321 §2.3.5), or takes mail; or an address literal stands there.</summary>
public sealed class RequireHeloResolves : IPolicyCheck
{
    private static readonly Refusal Unknown = new("helo-unknown", 550, 7, 1,
        "Helo command rejected: Host not found: HELO name \"{helo}\" of [{ip}] has no address, use a name that has one (RFC 5321 2.3.5)");

    private static readonly Refusal Temporary = new("helo-temp", 451, 7, 1,
        "Helo command rejected: the DNS did not answer the lookup of HELO name \"{helo}\" of [{ip}], try again later");

    public string Name => "require-helo-resolves";

    public Stage Stage => Stage.Helo;

    public IReadOnlyList<Refusal> Refusals { get; } = [Unknown, Temporary];

    public void Prepare(PolicyFacts facts) => facts.BeginHeloHost();

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var host = await facts.HeloHostAsync().WaitAsync(cancellationToken);
        return host.Status switch
        {
            HeloHostStatus.Literal => Outcome.Nothing(host.Detail),
            HeloHostStatus.Resolves => Outcome.Continue(host.Detail),
            HeloHostStatus.DoesNotResolve => Unknown.Because(host.Detail),
            _ => Temporary.Because(host.Detail),
        };
    }
}
