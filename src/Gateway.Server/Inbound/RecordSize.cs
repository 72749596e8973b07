using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// Estimates how many octets of memory an ended session's record holds, for the bounds of whoever keeps records waiting. It is cheap: it adds up
/// what a client or its DNS can make long, and takes fixed amounts for everything else.
/// </summary>
internal static class RecordSize
{
    private const int Session = 1024;
    private const int Transaction = 320;
    private const int Object = 96;
    private const int Character = sizeof(char);

    public static long Of(SessionRecord session)
    {
        var octets = Session + Of(session.Helo?.Name) + Of(session.User) + Of(session.Tls) + Of(session.StorageFailure) + Of(session.Findings, []);
        foreach (var name in session.FailedNames)
            octets += Of(name);
        foreach (var refusal in session.Refusals)
            octets += Object + Of(refusal.Reply) + (refusal.Recipient is { } recipient ? Of(recipient.Mailbox) : 0);
        foreach (var step in session.Trail)
            octets += Of(step);
        IReadOnlyList<Finding> before = session.Findings;
        foreach (var transaction in session.Transactions)
        {
            octets += Of(transaction) + Of(transaction.Findings, before);
            before = transaction.Findings;
        }
        return octets;
    }

    private static long Of(TransactionRecord transaction)
    {
        var octets = Transaction + Of(transaction.Sender.Mailbox);
        foreach (var recipient in transaction.Recipients)
            octets += Of(recipient.Mailbox);
        if (transaction.Fate is { } fate)
            octets += Object + Of(fate.Reply) + Of(fate.Note);
        return octets;
    }

    // What was found about the client stands in each of its transactions, and in the same place: it is one object, and counts once.
    private static long Of(IReadOnlyList<Finding> findings, IReadOnlyList<Finding> before)
    {
        long octets = 0;
        for (var i = 0; i < findings.Count; i++)
            octets += i < before.Count && ReferenceEquals(findings[i], before[i]) ? sizeof(long) : 2 * Object + Of(findings[i].Outcome.Reason);
        return octets;
    }

    private static long Of(TrailStep step) =>
        4 * Object + step.Answer.Question.Name.Wire.Length + Of(step.Answer.Detail) + (step.Answer.Records.Count + step.Answer.Aliases.Count) * 2L * Object;

    private static long Of(Mailbox? mailbox) => mailbox is null ? 0 : Object + (mailbox.LocalPart.Length + mailbox.Domain.Length) * Character;

    private static long Of(string? text) => text is null ? 0 : Object / 4 + text.Length * Character;

    // The text, and the octets that were sent.
    private static long Of(Reply reply)
    {
        long octets = Object;
        foreach (var line in reply.Lines)
            octets += Object / 2 + line.Length * (Character + 1);
        return octets;
    }
}
