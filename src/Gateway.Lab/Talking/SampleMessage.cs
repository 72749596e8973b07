using System.Globalization;
using System.Text;
using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>Makes a short message, with the header fields that RFC 5322 §3.6 demands and that receivers look for.</summary>
public static class SampleMessage
{
    // RFC 2047 §2: an encoded-word has at most 75 characters; 45 octets are 60 of base 64.
    private const int WordOctets = 45;

    /// <param name="request">For whom and from whom; its message is not looked at.</param>
    /// <param name="subject">Null: one that says what this is.</param>
    /// <param name="body">With any line ends; null: one line.</param>
    /// <param name="time">For Date.</param>
    /// <param name="chance">For Message-ID.</param>
    public static byte[] Create(SendRequest request, string? subject, string? body, TimeProvider time, Random chance)
    {
        var domain = request.Helo.Contains(':', StringComparison.Ordinal) && !request.Helo.StartsWith('[') ? "localhost" : request.Helo;
        var now = time.GetLocalNow();
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Date: {MailDate.Format(now)}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Message-ID: <{now.ToUnixTimeMilliseconds():x}.{chance.NextInt64():x16}@{domain}>\r\n")
            .Append(CultureInfo.InvariantCulture, $"From: {request.From.Mailbox?.ToString() ?? $"postmaster@{domain}"}\r\n")
            // A bare postmaster has no domain, and so no address that a header could hold: the name of an empty group.
            .Append("To: ").AppendJoin(",\r\n ", request.Recipients.Select(static to => to.IsBarePostmaster ? "postmaster:;" : to.Mailbox.ToString())).Append("\r\n")
            .Append("Subject: ").Append(Encoded(subject ?? "A test of gateway send")).Append("\r\n");
        body ??= "This message was sent by gateway send, to see what becomes of it.";
        if (!Ascii.IsValid(body))
            text.Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n");
        text.Append("\r\n").Append(body.ReplaceLineEndings("\r\n"));
        return MessageText.Ended(Encoding.UTF8.GetBytes(text.ToString()));
    }

    // A line end in it would be a header field of its own.
    private static string Encoded(string subject)
    {
        if (!subject.AsSpan().ContainsAnyExceptInRange(' ', '~') && subject.Length <= 900)
            return subject;
        var words = new List<string>();
        var word = new List<byte>();
        var octets = new byte[4];
        foreach (var rune in subject.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(octets);
            if (word.Count + length > WordOctets)
                Close();
            word.AddRange(octets.AsSpan(0, length));
        }
        Close();
        return string.Join("\r\n ", words);

        void Close()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }
}
