using System.Net;
using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Checks;

/// <summary>What becomes of a client whose name nothing confirms, where names are denied.</summary>
public enum Unconfirmed
{
    /// <summary>It is refused, as Exchange's Connection Control does: else whoever is denied would take the record away.</summary>
    Refuse,

    /// <summary>It goes on.</summary>
    Accept,
}

/// <summary>The client is on the operator's own deny list: by its address, or by a domain that its name lies in.</summary>
/// <param name="networks">Denied addresses.</param>
/// <param name="names">Denied domains: themselves, and everything below.</param>
/// <param name="unconfirmed">Asked only when there are names.</param>
public sealed class RefuseDenied(IReadOnlyList<IPNetwork> networks, IReadOnlyList<DomainName> names, Unconfirmed unconfirmed)
    : ICheckWithOptions
{
    /// <summary>The reason of a client that is on the list, unlike that of a client whose name nothing confirms.</summary>
    internal const string DeniedId = "denied";

    private static readonly string[] Keys = ["networks", "names", "unconfirmed"];

    private static readonly Refusal Denied = new(DeniedId, 550, 7, 1,
        "Access denied: client host [{ip}] is on the deny list of this server");

    private static readonly Refusal Unknown = new("denied-unknown", 550, 7, 25,
        "Access denied: Reverse DNS required: the name of client host [{ip}] could not be confirmed, publish a PTR record whose name leads back to it");

    public RefuseDenied()
        : this([], [], Unconfirmed.Refuse)
    {
    }

    public string Name => "refuse-denied";

    public Stage Stage => Stage.Connect;

    public IReadOnlyList<Refusal> Refusals { get; } = [Denied, Unknown, ReverseDnsRefusals.Temporary];

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        foreach (var network in networks)
            if (network.Contains(facts.Address))
                return Denied.Because($"{facts.Address} is in the denied network {network}");
        if (names.Count == 0)
            return Outcome.Continue($"{facts.Address} is not in a denied network");

        var client = await facts.Client.WaitAsync(cancellationToken);
        // Any name of its own counts against a client; only a confirmed one counts for it.
        foreach (var name in client.Names)
            if (names.FirstOrDefault(name.Name.IsAtOrBelow) is { } domain && client.Iprev != IprevStatus.TempError)
                return Denied.Because($"the name {Wording.Shown(name.Name)} of {client.Address} is in the denied domain {Wording.Shown(domain)}");
        return client.Iprev switch
        {
            IprevStatus.Pass => Outcome.Continue($"the confirmed name {Wording.Shown(client.ConfirmedName!)} is not in a denied domain"),
            IprevStatus.TempError => ReverseDnsRefusals.Temporary.Because(client.Detail),
            _ when unconfirmed == Unconfirmed.Refuse => Unknown.Because(client.Detail),
            _ => Outcome.Continue(client.Detail),
        };
    }

    IPolicyCheck ICheckWithOptions.With(JsonObjectReader reader, JsonValue rule, JsonValue? options)
    {
        if (options is null)
        {
            reader.Error(rule, "\"options\" is missing: write the denied \"networks\" or \"names\"");
            return this;
        }
        var inner = reader.Inner(options, Keys);
        var (networks, names) = (OptionValues.Networks(inner, "networks"), OptionValues.Names(inner, "names"));
        if (inner.IsObject && networks.Count + names.Count == 0)
            inner.Error("\"networks\" and \"names\" are empty: write at least one network or name");
        return new RefuseDenied(networks, names, inner.Word<Unconfirmed>("unconfirmed") ?? Unconfirmed.Refuse);
    }
}
