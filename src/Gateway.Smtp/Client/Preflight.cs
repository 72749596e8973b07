using System.Buffers;

namespace Gateway.Smtp;

/// <summary>Refuses without asking what the server cannot take, according to its reply to EHLO.</summary>
internal static class Preflight
{
    // RFC 5321 §4.5.3.1 allows 64 octets and 255 octets. Servers do not enforce this strictly, but a command has to fit the buffer.
    private const int MaxMailbox = 1024;

    private static readonly SearchValues<char> Unspeakable =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (char)c), '\x7f']);

    public static SendResult.Refused? Check(
        Envelope envelope, OutgoingMessage message, ServerExtensions server, SmtpClientOptions options)
    {
        if (CheckSender(envelope.Sender, server) is { } sender)
            return sender;
        foreach (var recipient in envelope.Recipients)
        {
            if (CheckRecipient(recipient, server) is { } refused)
                return refused;
        }

        // RFC 1870 §6.1: a client need not try to send a message that is larger than the server's limit.
        if (server.MaxMessageSize is { } limit && message.Length > limit)
            return new(TooLarge(message.Length, limit), Verb.Mail);

        // RFC 6152 §3: without 8BITMIME a client converts (which breaks signatures), refuses, or breaks the rule.
        if (options.RefuseUnannouncedEightBit && !server.EightBitMime && HasEightBit(message))
            return new(new Reply(554, 6, 3, "The next server does not accept 8-bit content"), Verb.Mail);
        return null;
    }

    public static bool HasEightBit(OutgoingMessage message) =>
        message.Content.HasEightBit || message.Prefix.Span.ContainsAnyInRange((byte)0x80, (byte)0xff);

    private static SendResult.Refused? CheckSender(ReversePath sender, ServerExtensions server) => sender.Mailbox switch
    {
        null => null,
        { } mailbox when !IsSpeakable(mailbox) =>
            new(new Reply(553, 1, 7, "The sender address cannot be sent in an SMTP command"), Verb.Mail),
        { NeedsSmtpUtf8: true } when !server.SmtpUtf8 => new(WithoutSmtpUtf8("sender"), Verb.Mail),
        _ => null,
    };

    public static SendResult.Refused? CheckRecipient(ForwardPath recipient, ServerExtensions server) => recipient.Mailbox switch
    {
        { } mailbox when !IsSpeakable(mailbox) =>
            new(new Reply(553, 1, 3, "The recipient address cannot be sent in an SMTP command"), Verb.Rcpt, recipient),
        { NeedsSmtpUtf8: true } when !server.SmtpUtf8 => new(WithoutSmtpUtf8("recipient"), Verb.Rcpt, recipient),
        _ => null,
    };

    private static Reply TooLarge(long length, long limit) =>
        new(552, 3, 4, $"Message of {length} octets exceeds the next server's limit of {limit}");

    // RFC 6531 §3.5: such an address cannot be sent, nor may a relay rewrite it.
    private static Reply WithoutSmtpUtf8(string whose) =>
        new(553, 6, 7, $"The next server does not accept the {whose}'s non-ASCII address");

    /// <summary>Every parsed address is speakable. This check keeps any other address from becoming a command of its own.</summary>
    private static bool IsSpeakable(Mailbox mailbox) =>
        mailbox.LocalPart.Length + mailbox.Domain.Length <= MaxMailbox
        && !mailbox.LocalPart.AsSpan().ContainsAny(Unspeakable)
        && !mailbox.Domain.AsSpan().ContainsAny(Unspeakable);
}
