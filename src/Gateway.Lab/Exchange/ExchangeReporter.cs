using System.Globalization;
using Gateway.Smtp;

namespace Gateway.Lab.Exchange;

/// <summary>
/// Reports a failed delivery as Exchange 2003 would: the NDR, the entries of the application log, the network trace.
/// Each text names its source. Texts without a source are left out, not invented.
/// </summary>
public static class ExchangeReporter
{
    /// <summary>The name of this sending server on the command line.</summary>
    public const string Name = "exchange-2003";

    public static ExchangeReport Of(DeliveryAttempt attempt) => new()
    {
        Report = Refused(attempt),
        Expired = Expired(attempt),
        Events = [.. attempt.Failures.SelectMany(failure => Events(attempt, failure)).Distinct()],
        Trace = [.. attempt.Failures.Where(static failure => failure.IsOfConnection).Take(1).SelectMany(failure => Trace(attempt, failure))],
        Causes = [.. attempt.Failures.SelectMany(RelayCauses.Of).Distinct().OrderBy(static cause => cause.Scenario)],
        Notes = [.. attempt.Failures.SelectMany(Notes).Distinct()],
    };

    /// <summary>A reply as one line.</summary>
    internal static string Said(Reply reply) => string.Create(
        CultureInfo.InvariantCulture, $"{reply.Code} {(reply.Status is { } status ? $"{status} " : "")}{string.Join(' ', reply.Lines.Select(static line => line.Trim()))}");

    private static NonDeliveryReport? Refused(DeliveryAttempt attempt) => Report(
        attempt,
        attempt.Failures.Where(static failure => failure.IsFinal),
        // Exchange reports a refusal of the whole connection without its words; this is what readers of the article ask about.
        static failure => (NonDeliveryCode.Of(failure), failure.IsOfConnection ? null : failure.Reply));

    private static NonDeliveryReport? Expired(DeliveryAttempt attempt) =>
        Report(attempt, attempt.Failures.Where(static failure => !failure.IsFinal), static _ => (NonDeliveryCode.Expired, null));

    private static NonDeliveryReport? Report(
        DeliveryAttempt attempt, IEnumerable<DeliveryFailure> failures, Func<DeliveryFailure, (NonDeliveryCode Code, Reply? Reply)> told)
    {
        var recipients = new List<UnreachedRecipient>();
        var origins = new List<string> { $"the form: {Origin.Kb300171}" };
        // RFC 5321 §6.1: a bounce that cannot be delivered causes no other bounce.
        foreach (var failure in attempt.Sender.Length == 0 ? [] : failures)
        {
            var (code, reply) = told(failure);
            recipients.Add(new(failure.Recipient, code.Sentence.Sentence, code.Code, code.Diagnostic(attempt.Server, reply)));
            origins.Add($"the sentence: {code.Sentence.Origin}");
            if (reply is not null)
                origins.Add($"the reply behind the code: {Origin.TechNet}");
        }
        return recipients.Count == 0 ? null : new(attempt.Sender, attempt.Subject, attempt.Date, recipients, [.. origins.Distinct()]);
    }

    private static IEnumerable<EventEntry> Events(DeliveryAttempt attempt, DeliveryFailure failure) =>
        failure.IsOfConnection ? OfConnection(attempt, failure) : OfCommand(attempt, failure, failure.Reply!);

    private static IEnumerable<EventEntry> OfConnection(DeliveryAttempt attempt, DeliveryFailure failure)
    {
        var (reason, origin) = failure.Reply is null
            ? ($"Message delivery to the remote domain '{failure.Domain}' failed. The connection was dropped by the remote host.", Origin.Kb286673)
            : ($"Message delivery to the remote domain '{failure.Domain}' failed for the following reason: SMTP protocol error", Origin.Kb300171);
        yield return new(4000, "Warning", null, reason, origin);
        yield return new(4001, "Warning", null, reason, origin);
        if (attempt.RemoteHost is { } host)
            yield return new(4006, "Warning", null, $"Message delivery to the host '{host}' failed while delivering to the remote domain '{failure.Domain}'"
                + " for the following reason: The connection was dropped by the remote host.", Origin.Analyzer);
    }

    private static IEnumerable<EventEntry> OfCommand(DeliveryAttempt attempt, DeliveryFailure failure, Reply reply)
    {
        var command = failure.Command ?? "";
        var text = $"This is an SMTP protocol error log for virtual server ID 1, connection #1. The remote host \"{attempt.RemoteHost}\","
            + $" responded to the SMTP command \"{command.Split(' ')[0].ToLowerInvariant()}\" with \"{Said(reply)}\"."
            + $" The full command sent was \"{command}\". This will probably cause the connection to fail.";
        yield return reply.IsPermanent
            ? new(7004, "Error", "SMTP Protocol", text, Origin.Text7004)
            : new(7002, "Warning", "SMTP Protocol", text, Origin.EventId);
        if (!reply.IsPermanent || RelayCauses.Of(failure) is not { Count: > 0 } causes)
            yield break;
        foreach (var id in causes.SelectMany(static cause => cause.Events).Concat(RelayCauses.Named).Distinct().Order())
            yield return new(id, null, null, null, Origin.Kb895853);
        yield return new(4001, "Warning", null, $"Message delivery to the remote domain '{failure.Domain}' failed for the following reason: SMTP protocol error", Origin.BothArticles);
    }

    // KB300171 describes the queries and the disconnect after them; the dialogue comes before.
    private static IEnumerable<string> Trace(DeliveryAttempt attempt, DeliveryFailure failure)
    {
        yield return $"SMTP  {(failure.Reply is { } reply ? Said(reply) : "no reply")}";
        yield return $"NBT   queries for a NetBIOS name{(attempt.RemoteHost is { } host ? $", after {host}" : "")}";
        yield return "TCP   the Exchange server disconnects";
    }

    private static IEnumerable<string> Notes(DeliveryFailure failure)
    {
        var code = NonDeliveryCode.Of(failure);
        if (failure.IsOfConnection && failure.IsFinal)
            yield return "Exchange 2003 does not show the words of a server that refuses the whole connection. The application log has event 4000 or event 4001;"
                + " KB300171 does not say which of the two it is in which case.";
        if (failure.IsFinal && code.Code == "5.5.0")
            yield return "5.5.0 indicates a generic SMTP failure (KB300171). The code may also be #5.5.4, \"Transaction failed\": so the Greek, Italian and Vietnamese"
                + " texts of the article.";
        if (failure.IsFinal && code.Code == "5.0.0")
            yield return "The reply has no enhanced status code, so the NDR has 5.0.0, one of the three codes that KB895853 names first.";
        if (failure.IsFinal && code.Other == "5.7.3")
            yield return "The same cause has two codes. On the connection, the server demands authentication with 530 5.7.3. If \"Anonymous access\" is cleared at the receiver, the NDR"
                + " has 5.7.1 (KB895853, scenario 2). If a target server demands authentication from an SMTP connector, the NDR has 5.7.3 (scenario 5).";
        if (failure is { IsFinal: true, Reply.Status: { Subject: 1, Detail: 1 } })
            yield return "KB895853 adds for scenario 5: if the target server does not find the recipient, the code may be 5.7.3 too.";
        if (failure.IsFinal && !code.HasOwnSentence)
            yield return $"The sentence is that of 5.5.0 (KB300171), because the sentence of Exchange 2003 for {code.Code} is not known.";
        if (!failure.IsFinal)
            yield return $"The message stays in the queue, and Exchange tries again. It sends NDR 4.4.7 ({Origin.Kb284204}) only if every attempt fails until the message expires.";
    }
}
