using Gateway.Policy.Facts;

namespace Gateway.Policy.Checks;

/// <summary>
/// The PTR names are such as a provider gives to every address: they hold its digits, or name a pool. Names alone are read:
/// whether they lead back is asked elsewhere.
/// </summary>
public sealed class RefuseGenericPtr : IPolicyCheck
{
    private static readonly Refusal Generic = new("rdns-generic", 550, 7, 1,
        "Reverse DNS required: generic or dynamic PTR name {ptr} of [{ip}], get a name of your own or send through your provider");

    public string Name => "refuse-generic-ptr";

    public Stage Stage => Stage.Connect;

    public IReadOnlyList<Refusal> Refusals { get; } = [Generic, ReverseDnsRefusals.Temporary];

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var client = await facts.Client.WaitAsync(cancellationToken);
        string? why = null;
        foreach (var name in client.Names)
        {
            if (!name.IsHostName)
                continue;
            // One name of its own is enough.
            if (GenericName.Explain(name.Name, client.Address) is not { } generic)
                return Outcome.Continue($"PTR name {Wording.Shown(name.Name)} of {client.Address} is not generic");
            why ??= $"PTR name {Wording.Shown(name.Name)} of {client.Address} is generic: it {generic}";
        }
        return client.Iprev switch
        {
            IprevStatus.TempError => ReverseDnsRefusals.Temporary.Because(why ?? client.Detail),
            _ when why is not null => Generic.Because(why),
            // No PTR record, or none that is a host's: other checks ask for that.
            _ => Outcome.Nothing(client.Detail),
        };
    }
}
