using System.Text.Json;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Server.Journal;

/// <summary>Makes the document of a session.</summary>
internal static class SessionDescription
{
    /// <summary>Octets of one document: far above what an honest session needs, and what a hostile one gets.</summary>
    public const int MaxDocument = 64 * 1024;

    private const int MaxText = 320;
    private const int MaxReply = 1024;

    public static SessionDocument Of(SessionRecord session)
    {
        var findings = new List<Finding>(session.Findings);
        var transactions = session.Transactions.Select(transaction => Of(transaction, findings)).ToList();
        return new()
        {
            Id = session.Id,
            Started = session.Started,
            Seconds = Rounded(session.Elapsed.TotalSeconds),
            Client = session.Client.Address.ToString(),
            Port = session.Client.Port,
            Peer = session.ClaimedBy is null ? null : session.Peer.ToString(),
            ClaimedBy = session.ClaimedBy,
            ProxyRefused = session.ProxyRefusal is { } refusal ? Word(refusal) : null,
            XclientRefused = session.IsXclientRefused ? true : null,
            Listener = session.Listener?.ToString(),
            Profile = session.Profile,
            Name = session.Facts?.ConfirmedName?.ToString(),
            Iprev = session.Facts is { Iprev: var iprev } ? Word(iprev) : null,
            ReverseDns = session.Facts?.Detail,
            Helo = Short(session.Helo?.Name),
            Tls = session.Tls,
            User = Short(session.User),
            UserVolume = session.User is null ? null : new(session.UserVolume.Messages, session.UserVolume.Recipients, session.UserVolume.Octets),
            FailedLogins = session.FailedLogins,
            FailedNames = [.. session.FailedNames.Select(name => Short(name)!)],
            StorageFailure = Short(session.StorageFailure),
            End = Word(session.End),
            Verdict = (session.FirstRefusal ?? session.Verdict) is { } verdict
                ? new(Word(verdict.Decision), verdict.DecidedBy?.Check, verdict.DecidedBy?.Outcome.ReasonId)
                : null,
            Trail = [.. session.Trail.Select(Of)],
            Findings = [.. findings.Select(Of)],
            Refusals = [.. session.Refusals.Select(Of)],
            RefusalCount = session.RefusalCount,
            Transactions = transactions,
            TransactionCount = session.TransactionCount,
            Messages = session.MessageCount,
            Delivered = session.DeliveredCount,
        };
    }

    /// <summary>As it is stored. A document that is too large tells of fewer transactions, findings, replies and queries; its counts stay.</summary>
    public static byte[] Encode(SessionDocument document)
    {
        while (true)
        {
            var encoded = JsonSerializer.SerializeToUtf8Bytes(document, JournalJson.Default.SessionDocument);
            if (encoded.Length <= MaxDocument)
                return encoded;
            document = Halved(document);
        }
    }

    // Ends at one transaction and nothing else, whose texts are bounded far below the limit.
    private static SessionDocument Halved(SessionDocument document)
    {
        var findings = document.Findings.Count / 2;
        return document with
        {
            Findings = [.. document.Findings.Take(findings)],
            Transactions =
            [
                .. from transaction in document.Transactions.Take((document.Transactions.Count + 1) / 2)
                   select transaction with { Findings = [.. transaction.Findings.Where(place => place < findings)] },
            ],
            Refusals = [.. document.Refusals.Take(document.Refusals.Count / 2)],
            Trail = [.. document.Trail.Take(document.Trail.Count / 2)],
        };
    }

    private static TransactionDocument Of(TransactionRecord transaction, List<Finding> findings)
    {
        var places = new List<int>(transaction.Findings.Count);
        foreach (var finding in transaction.Findings)
        {
            var place = findings.IndexOf(finding);
            if (place < 0)
            {
                place = findings.Count;
                findings.Add(finding);
            }
            places.Add(place);
        }
        var fate = transaction.Fate;
        return new()
        {
            Number = transaction.Number,
            At = Rounded(transaction.At.TotalSeconds),
            Profile = transaction.Profile,
            Sender = Short(transaction.Sender.ToString())!,
            Recipients = [.. transaction.Recipients.Select(recipient => Short(recipient.ToString())!)],
            RecipientCount = transaction.RecipientCount,
            Findings = places,
            Reply = Short((fate?.Reply ?? transaction.Refusal)?.ToString(), MaxReply),
            IsDelivered = fate is { Reply.IsPositive: true },
            Delivery = fate is null ? null : new(
                transaction.Size, fate.Server?.ToString(), fate.Attempts, Rounded(fate.Elapsed.TotalMilliseconds), Short(fate.Note, MaxReply))
            {
                IsInDoubt = fate.IsInDoubt,
            },
        };
    }

    private static FindingDocument Of(Finding finding) => new(
        finding.Check, Word(finding.Mode), Word(finding.Outcome.Decision), finding.Outcome.ReasonId, Short(finding.Outcome.Reason, MaxReply)!);

    private static TrailDocument Of(TrailStep step) => new(
        TrailWording.TypeOf(step.Answer.Question), step.Answer.Question.Name.ToString(), Word(step.Answer.Status),
        Short(TrailWording.Of(step.Answer), MaxReply)!, Rounded(step.Elapsed.TotalMilliseconds));

    private static RefusalDocument Of(SpokenRefusal refusal) => new(
        Rounded(refusal.At.TotalSeconds), refusal.Verb == Verb.Unknown ? null : refusal.Verb.ToString().ToUpperInvariant(),
        refusal.Transaction, Short(refusal.Recipient?.ToString()), Short(refusal.Reply.ToString(), MaxReply)!)
    {
        FromSmartHost = refusal.IsNextHops,
    };

    /// <summary>An enum's value as it stands in configuration, log and document.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>A result of iprev, as RFC 8601 §2.7.3 writes it: <c>permerror</c>, without a hyphen.</summary>
    public static string Word(IprevStatus status) => status.ToString().ToLowerInvariant();

    public static string? Short(string? text, int most = MaxText) => text is null || text.Length <= most ? text : $"{text.AsSpan(0, most - 3)}...";

    private static double Rounded(double value) => Math.Round(value, 3);
}
