using System.Globalization;

namespace Gateway.Smtp;

/// <summary>The arguments of MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3). A refusal is the reply to it; null is none.</summary>
internal static class PathSyntax
{
    private static readonly Reply MailExpected = new(501, 5, 4, "expected MAIL FROM:<local-part@domain>");
    private static readonly Reply RcptExpected = new(501, 5, 4, "expected RCPT TO:<local-part@domain>");
    private static readonly Reply BadSize = new(501, 5, 4, "expected SIZE=octets");
    private static readonly Reply BadBody = new(501, 5, 4, "expected BODY=7BIT or BODY=8BITMIME");
    private static readonly Reply BadUtf8 = new(501, 5, 4, "SMTPUTF8 takes no value");
    private static readonly Reply BadAuth = new(501, 5, 4, "expected AUTH=<> or AUTH=mailbox in xtext");
    private static readonly Reply Twice = new(501, 5, 4, "a parameter was given twice");
    private static readonly Reply BadParameter = new(501, 5, 4, "expected parameters as KEYWORD or KEYWORD=value");

    // RFC 6531 §3.5 gives these two basic codes their meaning for MAIL and RCPT.
    private static readonly Reply SenderNeedsUtf8 =
        new(550, 6, 7, "the sender's address is not ASCII: add SMTPUTF8 to MAIL");
    private static readonly Reply RecipientNeedsUtf8 =
        new(553, 6, 7, "the recipient's address is not ASCII: add SMTPUTF8 to MAIL");

    public static Reply? ReadMail(ReadOnlySpan<char> argument, out ReversePath sender, out MailParameters parameters, bool takesAuth = false)
    {
        sender = default;
        parameters = default;
        var cursor = new PathCursor(argument) { MayBeBare = true };
        if (!cursor.Keyword("FROM:") || !cursor.BeginsAddress)
            return MailExpected;
        if (!cursor.ReversePath(out sender))
            return new Reply(501, 1, 7, "sender: " + cursor.Error);
        if (!cursor.IsAtEnd && !cursor.Take(' '))
            return BadParameter;
        if (ReadParameters(cursor.Rest, takesAuth, ref parameters) is { } refusal)
            return refusal;
        return sender.Mailbox is { NeedsSmtpUtf8: true } && !parameters.SmtpUtf8 ? SenderNeedsUtf8 : null;
    }

    public static Reply? ReadRcpt(ReadOnlySpan<char> argument, bool smtpUtf8, out ForwardPath recipient)
    {
        recipient = default;
        var cursor = new PathCursor(argument) { MayBeBare = true };
        if (!cursor.Keyword("TO:") || !cursor.BeginsAddress)
            return RcptExpected;
        if (!cursor.ForwardPath(out recipient))
            return new Reply(501, 1, 3, "recipient: " + cursor.Error);
        if (!cursor.IsAtEnd && !cursor.Take(' '))
            return BadParameter;
        cursor.SkipSpaces();
        if (!cursor.IsAtEnd)
            return Unknown(cursor.Rest);
        return recipient.Mailbox.NeedsSmtpUtf8 && !smtpUtf8 ? RecipientNeedsUtf8 : null;
    }

    /// <summary><c>Mail-parameters = esmtp-param *(SP esmtp-param)</c>; several spaces count as one.</summary>
    private static Reply? ReadParameters(ReadOnlySpan<char> text, bool takesAuth, ref MailParameters parameters)
    {
        foreach (var range in text.Split(' '))
        {
            var parameter = text[range];
            if (!parameter.IsEmpty && ReadParameter(parameter, takesAuth, ref parameters) is { } refusal)
                return refusal;
        }
        return null;
    }

    private static Reply? ReadParameter(ReadOnlySpan<char> parameter, bool takesAuth, ref MailParameters parameters)
    {
        var equals = parameter.IndexOf('=');
        var keyword = equals < 0 ? parameter : parameter[..equals];
        var value = equals < 0 ? default : parameter[(equals + 1)..];
        if (keyword.Equals("SIZE", StringComparison.OrdinalIgnoreCase))
        {
            if (parameters.Size is not null)
                return Twice;
            // RFC 1870 §4: 1*20DIGIT.
            if (value.Length is 0 or > 20 || value.ContainsAnyExceptInRange('0', '9'))
                return BadSize;
            // What no number here can hold is larger than any limit.
            var isHeld = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size);
            parameters = parameters with { Size = isHeld ? size : long.MaxValue };
            return null;
        }
        if (keyword.Equals("BODY", StringComparison.OrdinalIgnoreCase))
        {
            if (parameters.Body != BodyType.Unspecified)
                return Twice;
            parameters = parameters with { Body = BodyOf(value) };
            return parameters.Body == BodyType.Unspecified ? BadBody : null;
        }
        if (keyword.Equals("SMTPUTF8", StringComparison.OrdinalIgnoreCase))
        {
            if (parameters.SmtpUtf8)
                return Twice;
            parameters = parameters with { SmtpUtf8 = true };
            return equals < 0 ? null : BadUtf8;
        }
        if (takesAuth && keyword.Equals("AUTH", StringComparison.OrdinalIgnoreCase))
        {
            if (parameters.HasAuth)
                return Twice;
            parameters = parameters with { HasAuth = true };
            // RFC 3461 §4: xtext is printable ASCII, "+" and "=" as +XX.
            return value.IsEmpty || value.ContainsAnyExceptInRange('!', '~') || value.Contains('=') ? BadAuth : null;
        }
        return Unknown(parameter);
    }

    private static BodyType BodyOf(ReadOnlySpan<char> value) =>
        value.Equals("7BIT", StringComparison.OrdinalIgnoreCase) ? BodyType.SevenBit
        : value.Equals("8BITMIME", StringComparison.OrdinalIgnoreCase) ? BodyType.EightBitMime
        : BodyType.Unspecified;

    // RFC 5321 §4.1.1.11: 555 is for parameters that are not implemented.
    private static Reply Unknown(ReadOnlySpan<char> parameter)
    {
        var keyword = parameter[..(parameter.IndexOfAny('=', ' ') is var end and >= 0 ? end : parameter.Length)];
        return new Reply(555, 5, 4, $"parameter {keyword} is not implemented");
    }
}
