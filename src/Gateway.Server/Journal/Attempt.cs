using Gateway.Policy;
using Gateway.Server.Inbound;

namespace Gateway.Server.Journal;

/// <summary>
/// What the statistics count: a transaction, or a session that got to none. What was found about the client counts for each
/// of its transactions, for each of them would have been refused.
/// </summary>
/// <param name="Findings">In the order in which they were found, as <see cref="FoundBy"/> writes them.</param>
/// <param name="IsSuspect">Something was found against it, whether or not that counted.</param>
/// <param name="Domain">The sender's; empty for the null reverse-path and without a transaction.</param>
/// <param name="Count">How many: more than one only for those that a record does not list.</param>
/// <param name="Delivered">Of these.</param>
/// <param name="Refused">Of these, with a 4yz or a 5yz reply.</param>
internal sealed record Attempt(string Findings, bool IsSuspect, string Domain, int Count, int Delivered, int Refused)
{
    private const int MaxDomain = 255;

    /// <summary>Of the refused: those with a 4yz reply.</summary>
    public int Deferred { get; init; }

    /// <summary>Of the deferred: messages that the next hop had and did not confirm.</summary>
    public int InDoubt { get; init; }

    public static IReadOnlyList<Attempt> Of(SessionRecord session)
    {
        if (session.Transactions.Count == 0)
            return
            [
                Of(session.Findings, session.FirstRefusal, "") with
                {
                    Refused = session.FirstRefusal is null ? 0 : 1,
                    Deferred = session.FirstRefusal is { Decision: Decision.Defer } ? 1 : 0,
                },
            ];
        var attempts = session.Transactions.Select(transaction => Of(session, transaction)).ToList();
        // A record lists the first hundred. The rest of such a flood is like the last of them.
        attempts[^1] = attempts[^1] with
        {
            Count = session.TransactionCount - attempts.Count + 1,
            Delivered = session.DeliveredCount - attempts.SkipLast(1).Sum(attempt => attempt.Delivered),
            Refused = session.RefusedTransactionCount - attempts.SkipLast(1).Sum(attempt => attempt.Refused),
            Deferred = session.DeferredTransactionCount - attempts.SkipLast(1).Sum(attempt => attempt.Deferred),
            InDoubt = session.InDoubtCount - attempts.SkipLast(1).Sum(attempt => attempt.InDoubt),
        };
        return attempts;
    }

    private static Attempt Of(SessionRecord session, TransactionRecord transaction)
    {
        var isDelivered = transaction.Fate is { Reply.IsPositive: true };
        var refusal = transaction.PolicyRefusal ?? (session.Findings.Count > 0 ? session.FirstRefusal : null);
        var negative = isDelivered ? null : transaction.Fate?.Reply ?? transaction.Refusal;
        return Of([.. session.Findings, .. transaction.Findings], refusal, DomainOf(transaction), RefusedBy(transaction)) with
        {
            Delivered = isDelivered ? 1 : 0,
            InDoubt = transaction.Fate is { IsInDoubt: true } ? 1 : 0,
            Refused = negative is null ? 0 : 1,
            Deferred = negative is { IsPermanent: false } ? 1 : 0,
        };
    }

    private static IEnumerable<FoundBy> RefusedBy(TransactionRecord transaction)
    {
        if (transaction.IsRefusedByRelayControl)
            yield return new(FoundBy.RelayControl, CheckMode.Enforce, Decision.Reject, null);
        if (transaction.NextHopRefusal is { } decision)
            yield return new(FoundBy.SmartHost, CheckMode.Enforce, decision, null);
    }

    private static Attempt Of(IReadOnlyList<Finding> findings, Verdict? refusal, string domain, IEnumerable<FoundBy>? others = null)
    {
        var found = new List<FoundBy>(findings.Count);
        foreach (var finding in findings)
        {
            // A profile may answer a rejection softly (4xx): what counts is what the client heard.
            var decision = refusal is not null && finding == refusal.DecidedBy ? refusal.Decision : finding.Outcome.Decision;
            var one = new FoundBy(finding.Check, finding.Mode, decision, finding.Outcome.ReasonId);
            if (!found.Contains(one))
                found.Add(one);
        }
        found.AddRange(others ?? []);
        return new(string.Join(FoundBy.Separator, found), found.Exists(one => one.IsAgainst), domain, 1, 0, 0);
    }

    private static string DomainOf(TransactionRecord transaction) =>
        SessionDescription.Short(transaction.Sender.Mailbox?.Domain.ToLowerInvariant(), MaxDomain) ?? "";
}
