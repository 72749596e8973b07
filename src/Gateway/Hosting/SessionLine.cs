using Gateway.Inbound;
using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Hosting;

/// <summary>A session as one structured log line: every value has a name, and all of them fit what a client can do.</summary>
internal static partial class SessionLine
{
    // An address has 254 octets, a line of a reply 512; a smart host that sends a hundred lines is quoted so far.
    private const int MaxValue = 600;

    public static void Write(ILogger logger, SessionRecord session)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        Session(
            logger,
            session.Id,
            session.Client.ToString(),
            session.ClaimedBy is null ? "" : $" peer={session.Peer} by={session.ClaimedBy}",
            session.Facts?.ConfirmedName?.ToString() ?? "unknown",
            session.Facts?.Iprev.ToString().ToLowerInvariant() ?? "none",
            Trouble(session.Facts),
            session.Profile,
            Safe(session.Helo?.Name) ?? "-",
            session.Tls ?? "-",
            session.User is { } user ? $" user=\"{Safe(user)}\"" : "",
            session.FailedLogins > 0 ? $" failed-logins={session.FailedLogins} [{string.Join(' ', session.FailedNames.Select(static name => $"\"{Safe(name)}\""))}]" : "",
            session.MessageCount,
            session.DeliveredCount,
            Deliveries(session),
            session.RefusalCount,
            Refusal(session),
            Exemption(session) + Findings(session),
            session.End,
            session.Elapsed.TotalSeconds);
    }

    [LoggerMessage(9100, LogLevel.Information,
        "session {Id} client={Client}{Peer} name={Name} iprev={Iprev}{Trouble} profile={Profile} helo={Helo} tls={Tls}{User}{FailedLogins} messages={Messages} delivered={Delivered}{Deliveries} refused={Refused}{Refusal}{Findings} end={End} seconds={Seconds:0.000}",
        SkipEnabledCheck = true)]
    private static partial void Session(
        ILogger logger, string id, string client, string peer, string name, string iprev, string trouble, string profile, string helo, string tls, string user, string failedLogins, int messages,
        int delivered, string deliveries, int refused, string refusal, string findings, SessionEnd end, double seconds);

    /// <summary>Which server failed, and how: the operator's own DNS, or the client's.</summary>
    private static string Trouble(ClientFacts? facts) =>
        facts is { Iprev: IprevStatus.TempError } && facts.Trail.LastOrDefault(static step => step.Answer.IsTemporaryFailure) is { } failed
            ? $" dns=\"{Safe(failed.Answer.Detail ?? failed.Answer.Status.ToString())}\""
            : "";

    private static string Deliveries(SessionRecord session) => string.Concat(
        session.Transactions.Where(transaction => transaction.Fate is not null).Take(5).Select(transaction => Delivery(transaction, transaction.Fate!)));

    private static string Delivery(TransactionRecord transaction, RelayResult fate)
    {
        var (sender, recipients, recipientCount, size, _) = transaction;
        var others = recipientCount > 1 ? $"+{recipientCount - 1}" : "";
        var note = fate.Note is null ? "" : $" note=\"{Safe(fate.Note)}\"";
        return $" [from={Safe(sender.ToString())} to={Safe(recipients[0].ToString())}{others} size={size}"
            + $" server={fate.Server?.ToString() ?? "-"} ms={fate.Elapsed.TotalMilliseconds:0} reply=\"{Safe(fate.Reply.ToString())}\"{note}]";
    }

    private static string Refusal(SessionRecord session) =>
        session.Refusals is [{ Verb: var verb, Reply: var reply } first, ..]
            ? $" [{(verb == Verb.Unknown ? "-" : verb.ToString().ToUpperInvariant())} \"{Safe(reply.ToString())}\"{(first.IsNextHops ? " by=smarthost" : "")}]"
            : "";

    /// <summary>Why the policy let the client pass without judging it.</summary>
    private static string Exemption(SessionRecord session) =>
        session.Verdict is { DecidedBy: { Outcome: { Decision: Decision.Accept, Reason: var reason } } } ? $" exempt=\"{Safe(reason)}\"" : "";

    private static string Findings(SessionRecord session) => session.Verdict is null ? "" : string.Concat(
        from finding in session.Verdict.Findings
        where finding.Outcome.ReasonId is not null
        select $" {(finding.WouldHaveRefused ? "would-refuse" : "finding")}={finding.Check}:{finding.Outcome.ReasonId}");

    // Names, addresses and replies come from the other side: no control or 8-bit octet reaches the log raw, no quote ends a
    // value early, and nothing fills the log.
    private static string? Safe(string? text) =>
        text is null || (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('"', StringComparison.Ordinal) && text.Length <= MaxValue)
            ? text
            : string.Concat(text.Take(MaxValue).Select(Escaped)) + (text.Length > MaxValue ? "..." : "");

    private static string Escaped(char letter) => letter switch
    {
        '"' => "\\\"",
        >= ' ' and <= '~' => letter.ToString(),
        _ => $"\\u{(int)letter:x4}",
    };
}
