using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Checks;

/// <summary>
/// The name in HELO or EHLO is one of the client's PTR names. RFC 5321 §4.1.4 forbids to refuse mail on that basis: it is here
/// to show what receivers do that ask for it all the same, and off everywhere else.
/// </summary>
public sealed class RequireHeloMatchesPtr : IPolicyCheck
{
    private static readonly Refusal Mismatch = new("helo-mismatch", 550, 7, 1,
        "HELO name \"{helo}\" does not match the reverse DNS name {ptr} of [{ip}]");

    public string Name => "require-helo-matches-ptr";

    public Stage Stage => Stage.Helo;

    public IReadOnlyList<Refusal> Refusals { get; } = [Mismatch, ReverseDnsRefusals.None, ReverseDnsRefusals.Temporary];

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var helo = facts.Helo?.Name ?? "";
        // RFC 5321 §4.1.4: a client without a name gives its address.
        if (AddressLiteral.TryParse(helo, out var literal) && literal.Equals(facts.Address))
            return Outcome.Continue($"HELO names the client's address {literal}");
        var client = await facts.Client.WaitAsync(cancellationToken);
        if (DomainName.TryParse(helo, out var name) && client.Names.Any(ptr => ptr.Name == name))
            return Outcome.Continue($"HELO name {Wording.Shown(name)} is a PTR name of {client.Address}");
        return client switch
        {
            { Iprev: IprevStatus.PermError } => ReverseDnsRefusals.None.Because(client.Detail),
            // Where the names lead is not asked here, but a PTR lookup that failed may have hidden the one that matches.
            { Iprev: IprevStatus.TempError } => ReverseDnsRefusals.Temporary.Because(client.Detail),
            _ => Mismatch.Because(Reason(helo, client)),
        };
    }

    private static string Reason(string helo, ClientFacts client)
    {
        var names = Wording.Listed([.. client.Names.Select(name => Wording.Shown(name.Name))]);
        return $"HELO name \"{TextTemplate.Printable(Wording.Shortened(helo, 255))}\" is not a PTR name of {client.Address}, whose PTR name is {names}";
    }
}
