using System.Globalization;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Smtp;

namespace Gateway.Server.Hosting.Logging;

/// <summary>
/// An ended session as a log entry. As text it is one line: every value has a name, and all of them fit what a client can do. In JSON it is the
/// fields of <see cref="SessionFields"/>.
/// </summary>
internal sealed class SessionLine(SessionRecord session)
{
    /// <summary>An address has 254 octets, a line of a reply 512; a smart host that sends a hundred lines is quoted so far.</summary>
    public const int MaxValue = 600;

    private static readonly EventId Event = new(9100, "Session");

    public SessionRecord Record => session;

    /// <summary>The message of the JSON line, whose fields tell the rest.</summary>
    public string Summary => $"session {session.Id} of {session.Client.Address} ended: {SessionDescription.Word(session.End)}";

    /// <summary>Hands a session to the log. Disk trouble of our own makes it a warning: no line but this one tells of it.</summary>
    public static void Log(ILogger logger, SessionRecord session)
    {
        var level = session.StorageFailure is null ? LogLevel.Information : LogLevel.Warning;
        if (logger.IsEnabled(level))
            logger.Log(level, Event, new SessionLine(session), null, static (line, _) => line.ToString());
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"session {session.Id} client={session.Client}{Peer()} name={session.Facts?.ConfirmedName?.ToString() ?? "unknown"}"
        + $" iprev={(session.Facts is { Iprev: var iprev } ? SessionDescription.Word(iprev) : "none")}{Quoted("dns", Trouble(session.Facts))} profile={session.Profile}"
        + $" helo={Safe(session.Helo?.Name) ?? "-"} tls={session.Tls ?? "-"}{Quoted("user", session.User)}{FailedLogins()}"
        + $" messages={session.MessageCount} delivered={session.DeliveredCount}{Quoted("storage", session.StorageFailure)}{Deliveries(session)}"
        + $" refused={session.RefusalCount}{Refusal(session)}{Quoted("exempt", Exemption(session))}{Findings(session)} end={session.End} seconds={session.Elapsed.TotalSeconds:0.000}");

    private string Peer() =>
        (session.ClaimedBy is null ? "" : $" peer={session.Peer} by={session.ClaimedBy}")
        + (Word(session.ProxyRefusal) is { } refused ? $" proxy-refused={refused}" : "")
        + (session.IsXclientRefused ? " xclient-refused" : "");

    private string FailedLogins() => session.FailedLogins == 0 ? ""
        : $" failed-logins={session.FailedLogins} [{string.Join(' ', session.FailedNames.Select(static name => $"\"{Safe(name)}\""))}]";

    private static string Quoted(string name, string? value) => value is null ? "" : $" {name}=\"{Safe(value)}\"";

    /// <summary>Why a listener for proxies turned the connection away, in one word; null when it did not.</summary>
    public static string? Word(ProxyRefusal? refusal) => refusal is { } reason ? SessionDescription.Word(reason) : null;

    /// <summary>Which server failed, and how: the operator's own DNS, or the client's. Null when none did.</summary>
    public static string? Trouble(ClientFacts? facts) =>
        facts is { Iprev: IprevStatus.TempError } && facts.Trail.LastOrDefault(static step => step.Answer.IsTemporaryFailure) is { } failed
            ? failed.Answer.Detail ?? failed.Answer.Status.ToString()
            : null;

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

    /// <summary>Why the policy let the client pass without judging it; null when it judged.</summary>
    public static string? Exemption(SessionRecord session) =>
        session.Verdict is { DecidedBy: { Outcome: { Decision: Decision.Accept, Reason: var reason } } } ? reason : null;

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
