using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>
/// One of the PTR names can be the name of a host: fully qualified (RFC 1123 §2.1), no address, not in the reverse trees.
/// </summary>
public sealed class RequireValidPtr : IPolicyCheck
{
    private static readonly Refusal BadName = new("rdns-badname", 550, 7, 25,
        "Reverse DNS required: PTR name \"{ptr}\" of [{ip}] is not a host name, publish one that names your mail server");

    public string Name => "require-valid-ptr";

    public Stage Stage => Stage.Connect;

    public IReadOnlyList<Refusal> Refusals { get; } = [BadName, ReverseDnsRefusals.None, ReverseDnsRefusals.Temporary];

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var client = await facts.Client.WaitAsync(cancellationToken);
        if (client.Names.Any(name => name.IsHostName))
            return Outcome.Continue(client.Detail);
        return client.Iprev switch
        {
            IprevStatus.TempError => ReverseDnsRefusals.Temporary.Because(client.Detail),
            IprevStatus.PermError => ReverseDnsRefusals.None.Because(client.Detail),
            _ => BadName.Because(client.Detail),
        };
    }
}
