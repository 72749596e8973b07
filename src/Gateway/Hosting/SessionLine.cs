using Gateway.Inbound;
using Gateway.Smtp;

namespace Gateway.Hosting;

/// <summary>A session as one structured log line: every value has a name, and all of them fit what a client can do.</summary>
internal static partial class SessionLine
{
    public static void Write(ILogger logger, SessionRecord session)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        Session(
            logger,
            session.Id,
            session.Client.ToString(),
            session.Facts?.ConfirmedName?.ToString() ?? "unknown",
            session.Facts?.Iprev.ToString().ToLowerInvariant() ?? "none",
            session.Profile,
            Safe(session.Helo?.Name) ?? "-",
            session.Tls ?? "-",
            session.MessageCount,
            session.DeliveredCount,
            Deliveries(session),
            session.RefusalCount,
            Refusal(session),
            Findings(session),
            session.End,
            session.Elapsed.TotalSeconds);
    }

    [LoggerMessage(9100, LogLevel.Information,
        "session {Id} client={Client} name={Name} iprev={Iprev} profile={Profile} helo={Helo} tls={Tls} messages={Messages} delivered={Delivered}{Deliveries} refused={Refused}{Refusal}{Findings} end={End} seconds={Seconds:0.000}",
        SkipEnabledCheck = true)]
    private static partial void Session(
        ILogger logger, string id, string client, string name, string iprev, string profile, string helo, string tls, int messages,
        int delivered, string deliveries, int refused, string refusal, string findings, SessionEnd end, double seconds);

    private static string Deliveries(SessionRecord session) => string.Concat(
        session.Transactions.Where(transaction => transaction.Fate is not null).Take(5).Select(transaction => Delivery(transaction, transaction.Fate!)));

    private static string Delivery(TransactionRecord transaction, RelayResult fate)
    {
        var (sender, recipients, recipientCount, size, _) = transaction;
        var others = recipientCount > 1 ? $"+{recipientCount - 1}" : "";
        var note = fate.Note is null ? "" : $" note=\"{Safe(fate.Note)}\"";
        return $" [from={Safe(sender.ToString())} to={Safe(recipients[0].ToString())}{others} size={size}"
            + $" server={fate.Server?.ToString() ?? "-"} ms={fate.Elapsed.TotalMilliseconds:0} reply=\"{fate.Reply}\"{note}]";
    }

    private static string Refusal(SessionRecord session) =>
        session.Refusals is [var (verb, reply), ..] ? $" [{(verb == Verb.Unknown ? "-" : verb.ToString().ToUpperInvariant())} \"{reply}\"]" : "";

    private static string Findings(SessionRecord session) => session.Verdict is null ? "" : string.Concat(
        from finding in session.Verdict.Findings
        where finding.Outcome.ReasonId is not null
        select $" {(finding.WouldHaveRefused ? "would-refuse" : "finding")}={finding.Check}:{finding.Outcome.ReasonId}");

    // Names and addresses come from the other side.
    private static string? Safe(string? text) => text is null ? null : SafeText.Of(text, 320);
}
