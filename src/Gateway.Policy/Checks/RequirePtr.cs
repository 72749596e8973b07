using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>The address has a PTR record, whatever it names (RFC 1912 §2.1).</summary>
public sealed class RequirePtr : IPolicyCheck
{
    public string Name => "require-ptr";

    public Stage Stage => Stage.Connect;

    public IReadOnlyList<Refusal> Refusals { get; } = [ReverseDnsRefusals.None, ReverseDnsRefusals.Temporary];

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var client = await facts.Client.WaitAsync(cancellationToken);
        return client switch
        {
            // Where the names lead is not asked here, so trouble on the way there does not count.
            { Names.Count: > 0 } => Outcome.Continue(client.Detail),
            { Iprev: IprevStatus.PermError } => ReverseDnsRefusals.None.Because(client.Detail),
            _ => ReverseDnsRefusals.Temporary.Because(client.Detail),
        };
    }
}
