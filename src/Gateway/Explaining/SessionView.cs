using System.Globalization;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Spectre.Console;

namespace Gateway.Explaining;

/// <summary>Shows a session of the journal: client and time, DNS queries, findings, transactions and refusals.</summary>
internal static class SessionView
{
    public static void Write(IAnsiConsole console, SessionDocument session)
    {
        console.WriteLine($"Session {session.Id}");
        ExplainedLines.Write(console, [.. About(session)]);
        Section(console, "DNS queries", [.. session.Trail.Select(Line)]);
        if (session.Findings.Count > 0)
        {
            console.WriteLine();
            console.WriteLine("Findings");
            FindingsView.Write(console, [.. session.Findings.Select(Of)]);
        }
        Section(console, "Transactions", [.. session.Transactions.Select(transaction => Line(transaction, session.Refusals))], session.TransactionCount);
        Section(console, "Refusals", [.. session.Refusals.Select(Line)], session.RefusalCount);
    }

    private static void Section(IAnsiConsole console, string title, List<ExplainedLine> lines, int inAll = 0)
    {
        if (lines.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine(inAll > lines.Count ? $"{title} (the first {lines.Count} of {inAll})" : title);
        ExplainedLines.Write(console, lines);
    }

    private static IEnumerable<ExplainedLine> About(SessionDocument session)
    {
        yield return new("began", null, "", string.Create(CultureInfo.InvariantCulture,
            $"{session.Started.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff} UTC, lasted {session.Seconds:0.000} s, ended with: {session.End}"));
        yield return new("client", null, "", $"{session.Client} port {session.Port}, {Named(session)}");
        if (session.ReverseDns is { } reverse)
            yield return new("", null, "", reverse);
        if (session.ClaimedBy is not null)
            yield return new("peer", null, "", $"{session.Peer}, a trusted proxy that named the client with {session.ClaimedBy}");
        if (session.ProxyRefused is { } reason)
            yield return new("proxy", Color.Yellow, "", ProxyRefusal(reason));
        if (session.XclientRefused is true)
            yield return new("xclient", Color.Yellow, "", "refused, because the client is not in Relay.TrustedProxies");
        yield return new("listener", null, "", $"{session.Listener ?? "unknown"}, profile {session.Profile}");
        yield return new("helo", null, "", $"{Safe(session.Helo) ?? "none"}, {session.Tls ?? "in the clear"}");
        if (session.User is { } user)
            yield return new("user", Color.Green, "", $"{Safe(user)}{Volume(session.UserVolume)}");
        if (session.FailedLogins > 0)
            yield return new("logins", Color.Yellow, "", $"{session.FailedLogins} failed, as {string.Join(", ", session.FailedNames.Select(Safe))}");
        if (session.Verdict is { } verdict)
            yield return Verdict(verdict);
        if (session.StorageFailure is { } storage)
            yield return new("disk", Color.Red, "", $"a message could not be written to the folder for temporary files: {Safe(storage)}");
        yield return new("mail", null, "", session.Messages == 0 ? "no message" : $"{session.Messages} received, {session.Delivered} delivered");
    }

    private static string ProxyRefusal(string reason) => reason switch
    {
        "untrusted" => "refused: the listener is for proxies, and the peer is not in Relay.TrustedProxies",
        "malformed" => "refused: the peer did not send a valid PROXY header first",
        "incomplete" => "the peer closed the connection before its PROXY header was complete",
        _ => "refused: the PROXY header did not arrive in time",
    };

    private static string Volume(VolumeDocument? volume) => volume is not { Messages: > 0 } ? ", nothing delivered"
        : string.Create(CultureInfo.InvariantCulture, $", {volume.Messages:N0} delivered to {volume.Recipients:N0} recipients, {volume.Octets:N0} octets");

    private static string Named(SessionDocument session) => (session.Name, session.Iprev) switch
    {
        ({ } name, var iprev) => $"{name} (iprev {iprev})",
        (null, { } iprev) => $"no confirmed name (iprev {iprev})",
        _ => "reverse DNS not looked up",
    };

    private static ExplainedLine Verdict(VerdictDocument verdict)
    {
        var (word, colour) = verdict.Decision switch
        {
            "reject" => ("refused", Color.Red),
            "defer" => ("deferred", Color.Yellow),
            _ => ("accepted", Color.Green),
        };
        var by = verdict.Check is null ? "" : $" by {verdict.Check}";
        return new("policy", colour, "", $"{word}{by}{(verdict.Reason is null ? "" : $", reason {verdict.Reason}")}");
    }

    private static ExplainedLine Line(TrailDocument step) => TrailView.Line(
        step.Type, step.Name, step.Answer, Parsed(step.Status, DnsStatus.ServerFailure), TimeSpan.FromMilliseconds(step.Milliseconds));

    private static Finding Of(FindingDocument finding) => new(
        finding.Check, Parsed(finding.Mode, CheckMode.Monitor),
        new(Parsed(finding.Decision, Decision.Continue), finding.Reason, Safe(finding.Text)!));

    private static ExplainedLine Line(RefusalDocument refusal)
    {
        var command = refusal.Command ?? "-";
        return new(At(refusal.At), Color.Yellow, refusal.Recipient is null ? command : $"{command} {Safe(refusal.Recipient)}",
            refusal.FromSmartHost ? $"{Safe(refusal.Reply)} (from the smart host)" : Safe(refusal.Reply)!);
    }

    private static ExplainedLine Line(TransactionDocument transaction, IReadOnlyList<RefusalDocument> refusals)
    {
        var (mark, colour) = transaction switch
        {
            { IsDelivered: true } => ("delivered", Color.Green),
            { Delivery.IsInDoubt: true } => ("in doubt", Color.Yellow),
            { Reply: null } => ("aborted", Color.Grey),
            { Reply: ['4', ..] } => ("deferred", Color.Yellow),
            _ => ("refused", Color.Red),
        };
        return new(mark, colour, $"{transaction.Number}", $"{At(transaction.At)} from {Safe(transaction.Sender)} to {To(transaction)}{Judge(transaction)}: {Fate(transaction, refusals)}");
    }

    private static string Judge(TransactionDocument transaction) => transaction.Profile is null ? "" : $", judged by {transaction.Profile}";

    private static string To(TransactionDocument transaction)
    {
        if (transaction.Recipients.Count == 0)
            return "nobody";
        var others = transaction.RecipientCount - transaction.Recipients.Count;
        return string.Join(' ', transaction.Recipients.Select(Safe)) + (others > 0 ? $" and {others} more" : "");
    }

    private static string Fate(TransactionDocument transaction, IReadOnlyList<RefusalDocument> refusals)
    {
        var reply = Safe(transaction.Reply) ?? "the client disconnected, or began a new transaction";
        // A message that the policy or a limit refused was never sent to a smart host.
        if (transaction.Delivery is not { Attempts: > 0 } delivery)
            return refusals.Any(refusal => refusal.Transaction == transaction.Number && refusal.Reply == transaction.Reply) ? $"{reply[..3]}, see Refusals below" : reply;
        var server = delivery.Server is null ? "no server answered" : $"server {delivery.Server}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{reply} ({delivery.Size} octets, {server}, {delivery.Milliseconds:0} ms{(delivery.Note is null ? "" : $"; {Safe(delivery.Note)}")})");
    }

    private static string At(double seconds) => string.Create(CultureInfo.InvariantCulture, $"+{seconds:0.000} s");

    // A journal of another version may have words that this version does not know.
    private static T Parsed<T>(string word, T fallback) where T : struct, Enum =>
        Enum.TryParse<T>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) ? value : fallback;

    private static string? Safe(string? text) => text is null ? null : SafeText.Of(text, 1024);
}
