using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>One of the PTR names leads back to the address: forward-confirmed reverse DNS, the "iprev" of RFC 8601 §3.</summary>
public sealed class RequireFcrdns : IPolicyCheck
{
    private static readonly Refusal Mismatch = new("rdns-mismatch", 550, 7, 25,
        "Reverse DNS failed: PTR name {ptr} does not resolve to [{ip}], publish an address record that does");

    public string Name => "require-fcrdns";

    public Stage Stage => Stage.Connect;

    public IReadOnlyList<Refusal> Refusals { get; } = [Mismatch, ReverseDnsRefusals.None, ReverseDnsRefusals.Temporary];

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var client = await facts.Client.WaitAsync(cancellationToken);
        return client.Iprev switch
        {
            IprevStatus.Pass => Outcome.Continue(client.Detail),
            IprevStatus.Fail => Mismatch.Because(client.Detail),
            IprevStatus.PermError => ReverseDnsRefusals.None.Because(client.Detail),
            _ => ReverseDnsRefusals.Temporary.Because(client.Detail),
        };
    }
}
