using Gateway.Dns;
using Gateway.Policy.Checks;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>What to change at the server itself, and whatever else a check has against the sender.</summary>
internal static class ServerAdvice
{
    public static IEnumerable<Advice> Of(PublishedFacts facts, IReadOnlyCollection<Finding> against) =>
        against.SelectMany(finding => Of(finding, facts));

    private static Advice[] Of(Finding finding, PublishedFacts facts)
    {
        var reason = finding.Outcome.Reason;
        var isTemporary = finding.Outcome.Decision == Decision.Defer;
        return finding.Check switch
        {
            // Said by the two others, from the facts.
            "require-ptr" or "require-valid-ptr" or "require-fcrdns" or "refuse-generic-ptr" or "require-sender-domain" => [],
            "require-sender-matches-client" when !isTemporary => [],
            "require-helo-fqdn" => [new(null, Publisher.Server,
                $"{reason}: configure the server to say its full name in EHLO, such as {Wording.Shown(HostChoice.Of(facts).Name)}")],
            "require-helo-resolves" when !isTemporary && facts.Helo is { } host => Unresolved(facts, host, reason),
            "require-helo-matches-ptr" when !isTemporary && facts.Client.ConfirmedName is { } name => [new(null, Publisher.Server,
                $"{reason}: configure the server to say {Wording.Shown(name)} in EHLO. RFC 5321 4.1.4 forbids refusing mail because of this, but some receivers do")],
            "refuse-listed" when !isTemporary => [new(null, "the operator of the list", $"{reason}: remove the cause, then ask each list separately to remove the address")],
            // A client without a confirmed name needs the record that the address's own advice names.
            "refuse-denied" when facts.Client.Iprev != IprevStatus.Pass && finding.Outcome.ReasonId != RefuseDenied.DeniedId => [],
            "refuse-denied" => [new(null, "the receiver", $"{reason}: only the receiver can change that")],
            _ when isTemporary => [new(null, Publisher.Nobody, $"nothing to publish now: {reason}. Check again later")],
            _ => [new(null, Publisher.Server, reason)],
        };
    }

    private static Advice[] Unresolved(PublishedFacts facts, HostAddresses helo, string reason) => helo.LeadsTo(facts.Address)
        ? []
        : [new(RecordText.Format(new AddressRecord(helo.Name, default, facts.Address)), Publisher.OfHost(helo.Name, facts.Domain), reason)];
}
