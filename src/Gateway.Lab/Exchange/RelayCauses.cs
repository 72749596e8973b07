namespace Gateway.Lab.Exchange;

/// <summary>The six scenarios of KB895853: which of them may stand behind a refusal.</summary>
public static class RelayCauses
{
    /// <summary>The events that KB895853 lists, without telling their texts; 7004 and 4001 have theirs from elsewhere.</summary>
    public static readonly IReadOnlyList<int> Named = [1701, 1709, 1710];

    private static readonly RelayCause AuthenticatedRelayOff = new(
        1, "the box \"Allow all computers which successfully authenticate to relay, regardless of the list above\" is cleared at the receiver", "5.7.1", []);

    private static readonly RelayCause AnonymousOff = new(2, "the box \"Anonymous access\" is cleared at the receiver", "5.7.1", []);

    private static readonly RelayCause WrongVirtualServer = new(
        3, "the receiver's MX record does not lead to the right SMTP virtual server, so connections reach a wrong one at random", "5.7.1 or 5.7.3", []);

    private static readonly RelayCause NoRecipientPolicy = new(
        4, "the recipient's address is in no recipient policy of the receiver", "5.7.1", [1707, 1709, 1710]);

    private static readonly RelayCause TargetAuthenticates = new(
        5, "the target server demands authentication, and the SMTP connector has no name and password for it", "5.7.3", []);

    private static readonly RelayCause PublishingRule = new(
        6, "the SMTP publishing rule of an ISA Server 2000 in front of the receiver was not renewed", "5.7.1 or 5.7.3", [1701, 1709, 1710]);

    public static IReadOnlyList<RelayCause> All { get; } =
        [AuthenticatedRelayOff, AnonymousOff, WrongVirtualServer, NoRecipientPolicy, TargetAuthenticates, PublishingRule];

    /// <returns>None for a refusal that is not about relaying.</returns>
    public static IReadOnlyList<RelayCause> Of(DeliveryFailure failure) =>
        DemandsAuthentication(failure) ? [AnonymousOff, WrongVirtualServer, TargetAuthenticates, PublishingRule]
        : RefusesRelaying(failure) ? [AuthenticatedRelayOff, WrongVirtualServer, NoRecipientPolicy, PublishingRule]
        : [];

    /// <summary>RFC 4954 §6: 530 asks for authentication; X.7.3 is how Exchange says the same.</summary>
    public static bool DemandsAuthentication(DeliveryFailure failure) =>
        failure.Stage == DeliveryStage.Authentication || failure.Reply is { Code: 530 or 535 } or { Status: { Subject: 7, Detail: 3 } };

    /// <summary>5.7.1 is said for much else, so the word decides.</summary>
    private static bool RefusesRelaying(DeliveryFailure failure) =>
        failure is { Stage: DeliveryStage.Recipient, Reply: { IsPermanent: true } reply }
        && string.Join(' ', reply.Lines).Contains("relay", StringComparison.OrdinalIgnoreCase);
}
