using System.Text.Json;
using Gateway.Policy;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Smtp;

namespace Gateway.Server.Hosting.Logging;

/// <summary>
/// A session as fields of a JSON log line. The names are those of the journal's document, so that a reader of one knows the other. What is absent is
/// left out; the lists tell of the first ones, as the text line does.
/// </summary>
internal static class SessionFields
{
    private const int MaxItems = 5;

    public static void Write(Utf8JsonWriter json, SessionRecord session)
    {
        json.WriteString("id"u8, session.Id);
        json.WriteString("started"u8, session.Started.UtcDateTime);
        json.WriteNumber("seconds"u8, Math.Round(session.Elapsed.TotalSeconds, 3));
        json.WriteString("end"u8, SessionDescription.Word(session.End));
        WriteClient(json, session);
        json.WriteString("profile"u8, session.Profile);
        WriteText(json, "helo", session.Helo?.Name);
        WriteText(json, "tls", session.Tls);
        WriteLogin(json, session);
        json.WriteNumber("messages"u8, session.MessageCount);
        json.WriteNumber("delivered"u8, session.DeliveredCount);
        WriteText(json, "storageFailure", session.StorageFailure);
        WriteDeliveries(json, session);
        json.WriteNumber("refusalCount"u8, session.RefusalCount);
        WriteRefusals(json, session.Refusals);
        WriteText(json, "exempt", SessionLine.Exemption(session));
        WriteFindings(json, session.Verdict);
    }

    private static void WriteClient(Utf8JsonWriter json, SessionRecord session)
    {
        json.WriteString("client"u8, session.Client.Address.ToString());
        json.WriteNumber("port"u8, session.Client.Port);
        if (session.ClaimedBy is not null)
        {
            json.WriteString("peer"u8, session.Peer.ToString());
            json.WriteString("claimedBy"u8, session.ClaimedBy);
        }
        WriteText(json, "proxyRefused", SessionLine.Word(session.ProxyRefusal));
        if (session.IsXclientRefused)
            json.WriteBoolean("xclientRefused"u8, true);
        WriteText(json, "listener", session.Listener?.ToString());
        if (session.Facts is not { } facts)
            return;
        WriteText(json, "name", facts.ConfirmedName?.ToString());
        json.WriteString("iprev"u8, SessionDescription.Word(facts.Iprev));
        WriteText(json, "dnsTrouble", SessionLine.Trouble(facts));
    }

    private static void WriteLogin(Utf8JsonWriter json, SessionRecord session)
    {
        WriteText(json, "user", session.User);
        if (session.FailedLogins == 0)
            return;
        json.WriteNumber("failedLogins"u8, session.FailedLogins);
        json.WriteStartArray("failedNames"u8);
        foreach (var name in session.FailedNames)
            json.WriteStringValue(Short(name));
        json.WriteEndArray();
    }

    private static void WriteDeliveries(Utf8JsonWriter json, SessionRecord session)
    {
        if (session.MessageCount == 0)
            return;
        json.WriteStartArray("deliveries"u8);
        foreach (var transaction in session.Transactions.Where(static transaction => transaction.Fate is not null).Take(MaxItems))
            WriteDelivery(json, transaction, transaction.Fate!);
        json.WriteEndArray();
    }

    private static void WriteDelivery(Utf8JsonWriter json, TransactionRecord transaction, RelayResult fate)
    {
        json.WriteStartObject();
        json.WriteNumber("number"u8, transaction.Number);
        WriteText(json, "sender", transaction.Sender.ToString());
        json.WriteStartArray("recipients"u8);
        foreach (var recipient in transaction.Recipients.Take(MaxItems))
            json.WriteStringValue(Short(recipient.ToString()));
        json.WriteEndArray();
        json.WriteNumber("recipientCount"u8, transaction.RecipientCount);
        json.WriteNumber("size"u8, transaction.Size);
        json.WriteBoolean("isDelivered"u8, fate.Reply.IsPositive);
        if (fate.IsInDoubt)
            json.WriteBoolean("isInDoubt"u8, true);
        WriteText(json, "server", fate.Server?.ToString());
        json.WriteNumber("attempts"u8, fate.Attempts);
        json.WriteNumber("milliseconds"u8, Math.Round(fate.Elapsed.TotalMilliseconds, 3));
        WriteReply(json, fate.Reply);
        WriteText(json, "note", fate.Note);
        json.WriteEndObject();
    }

    private static void WriteRefusals(Utf8JsonWriter json, IReadOnlyList<SpokenRefusal> refusals)
    {
        if (refusals.Count == 0)
            return;
        json.WriteStartArray("refusals"u8);
        foreach (var refusal in refusals.Take(MaxItems))
        {
            json.WriteStartObject();
            if (refusal.Verb != Verb.Unknown)
                json.WriteString("command"u8, refusal.Verb.ToString().ToUpperInvariant());
            WriteText(json, "recipient", refusal.Recipient?.ToString());
            WriteReply(json, refusal.Reply);
            if (refusal.IsNextHops)
                json.WriteBoolean("fromSmartHost"u8, true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFindings(Utf8JsonWriter json, Verdict? verdict)
    {
        if (verdict is null || verdict.Findings.All(static finding => finding.Outcome.ReasonId is null))
            return;
        json.WriteStartArray("findings"u8);
        foreach (var finding in verdict.Findings)
        {
            if (finding.Outcome.ReasonId is not { } reason)
                continue;
            json.WriteStartObject();
            json.WriteString("check"u8, finding.Check);
            json.WriteString("mode"u8, SessionDescription.Word(finding.Mode));
            json.WriteString("decision"u8, SessionDescription.Word(finding.Outcome.Decision));
            json.WriteString("reason"u8, reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteReply(Utf8JsonWriter json, Reply reply)
    {
        json.WriteNumber("code"u8, reply.Code);
        if (reply.Status is { } status)
            json.WriteString("status"u8, status.ToString());
        WriteText(json, "reply", reply.ToString());
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, Short(text));
    }

    private static string Short(string text) => SessionDescription.Short(text, SessionLine.MaxValue)!;
}
