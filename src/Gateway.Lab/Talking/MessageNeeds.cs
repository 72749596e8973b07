using System.Globalization;
using System.Text;
using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>The extensions that a message and its envelope need of a server.</summary>
internal sealed class MessageNeeds
{
    private readonly int _size;
    private readonly bool _utf8Header;

    public MessageNeeds(SendRequest request)
    {
        var message = request.Message.Span;
        _size = message.Length;
        EightBit = !Ascii.IsValid(message);
        var end = message.IndexOf("\r\n\r\n"u8);
        var header = end < 0 ? message : message[..end];
        _utf8Header = !Ascii.IsValid(header) && System.Text.Unicode.Utf8.IsValid(header);
        Utf8Mailbox = request.Recipients.Select(static recipient => recipient.Mailbox).Append(request.From.Mailbox)
            .OfType<Mailbox>().FirstOrDefault(static mailbox => mailbox.NeedsSmtpUtf8);
    }

    public bool EightBit { get; }

    /// <summary>An address that needs SMTPUTF8.</summary>
    public Mailbox? Utf8Mailbox { get; }

    /// <summary>The parameters of MAIL, as far as the server offers them, with a space before each.</summary>
    public string Parameters(ServerExtensions offered)
    {
        var text = new StringBuilder();
        // RFC 1870 §6: the octets with CRLF line ends, before stuffing.
        if (offered.Size)
            text.Append(CultureInfo.InvariantCulture, $" SIZE={_size}");
        if (EightBit && offered.EightBitMime)
            text.Append(" BODY=8BITMIME");
        // RFC 6531 §3.4: also for a header that is UTF-8.
        if ((Utf8Mailbox is not null || _utf8Header) && offered.SmtpUtf8)
            text.Append(" SMTPUTF8");
        return text.ToString();
    }
}
