using System.Buffers;
using System.Text;
using Gateway.Smtp;

namespace Gateway.Fuzzing.Smtp;

/// <summary>
/// The arguments of MAIL, RCPT and HELO, mailboxes and address literals (<see cref="PathSyntax"/>, <see cref="PathCursor"/>,
/// <see cref="AddressLiteral"/>). What was read is within the bounds of RFC 5321 §4.5.3.1, means the same when it is passed on, and cannot
/// become a second command. A refusal is a reply that is safe to send.
/// </summary>
internal static class PathTarget
{
    private static readonly SearchValues<char> EndsOfDomains = SearchValues.Create(" @<>\"\\,;()");

    // RFC 5321 §4.1.3: dcontent may hold the others.
    private static readonly SearchValues<char> EndsOfLiterals = SearchValues.Create(" []\\");
    private static readonly SearchValues<char> EndsOfLocalParts = SearchValues.Create(" @<>\"\\,;:()");

    public static void Check(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        CheckMail(text);
        CheckRcpt(text);
        if (Mailbox.TryParse(text, out var mailbox))
        {
            CheckMailbox(mailbox);
            Property.Same(text, mailbox.ToString(), "a mailbox keeps its spelling");
        }
        if (Helo.TryParse(text, isExtended: true, out var helo))
            Property.IsPrintable(helo.Name, "the name in HELO");
        if (text.StartsWith('[') && text.EndsWith(']') && AddressLiteral.IsValid(text.AsSpan(1, Math.Max(0, text.Length - 2))))
            Property.IsPrintable(text, "an address literal");
    }

    private static void CheckMail(string text)
    {
        foreach (var takesAuth in (ReadOnlySpan<bool>)[false, true])
        {
            var refusal = PathSyntax.ReadMail(text, out var sender, out var parameters, takesAuth);
            if (refusal is not null)
            {
                ReplyTarget.CheckWire(refusal);
                continue;
            }
            Property.Holds(parameters.Size is null or >= 0, "a size is not negative");
            Property.Holds(sender.Mailbox is not { NeedsSmtpUtf8: true } || parameters.SmtpUtf8, "only SMTPUTF8 carries what is not ASCII");
            if (sender.Mailbox is { } mailbox)
                CheckMailbox(mailbox);
            Property.Holds(ReversePath.TryParse(sender.ToString(), out var again), "the sender's own text is no path", sender);
            Property.Same(sender, again, "the sender is the same when it is passed on");
        }
    }

    private static void CheckRcpt(string text)
    {
        foreach (var smtpUtf8 in (ReadOnlySpan<bool>)[false, true])
        {
            var refusal = PathSyntax.ReadRcpt(text, smtpUtf8, out var recipient);
            if (refusal is not null)
            {
                ReplyTarget.CheckWire(refusal);
                continue;
            }
            Property.Holds(!recipient.Mailbox.NeedsSmtpUtf8 || smtpUtf8, "only SMTPUTF8 carries what is not ASCII");
            if (!recipient.IsBarePostmaster)
                CheckMailbox(recipient.Mailbox);
            Property.Holds(ForwardPath.TryParse(recipient.ToString(), out var again), "the recipient's own text is no path", recipient);
            Property.Same(recipient, again, "the recipient is the same when it is passed on");
        }
    }

    private static void CheckMailbox(Mailbox mailbox)
    {
        Property.Holds(Encoding.UTF8.GetByteCount(mailbox.LocalPart) is > 0 and <= 64, "a local part has 1 to 64 octets");
        Property.Holds(Encoding.UTF8.GetByteCount(mailbox.Domain) is > 0 and <= 255, "a domain has 1 to 255 octets");
        Property.Holds(!mailbox.ToString().Any(char.IsControl), "a mailbox holds a control character");
        var isSafe = mailbox.IsAddressLiteral ? !mailbox.Domain.AsSpan()[1..^1].ContainsAny(EndsOfLiterals) : !mailbox.Domain.AsSpan().ContainsAny(EndsOfDomains);
        Property.Holds(isSafe, "a domain holds what ends an address", mailbox.Domain);
        var isQuoted = mailbox.LocalPart is ['"', .., '"'] && mailbox.LocalPart.Length >= 2;
        Property.Holds(isQuoted || !mailbox.LocalPart.AsSpan().ContainsAny(EndsOfLocalParts), "a local part without quotes holds what ends an address", mailbox.LocalPart);
        Property.Holds(Mailbox.TryParse(mailbox.ToString(), out var again) && again == mailbox, "the mailbox's own text is another mailbox", mailbox);
    }
}
