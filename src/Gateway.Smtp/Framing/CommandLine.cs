using System.Text;

namespace Gateway.Smtp;

/// <summary>A command as it was read (RFC 5321 §4.1.1): its verb and what stands behind it.</summary>
/// <param name="Verb">In any case (§2.4).</param>
/// <param name="Argument">Without the spaces around it; a "STARTTLS x" is known by it.</param>
internal readonly record struct CommandLine(Verb Verb, string Argument)
{
    /// <summary>The line without its CRLF; valid UTF-8 without control characters, as <see cref="CommandReader"/> ensures.</summary>
    public static CommandLine Parse(ReadOnlySpan<byte> line) => Parse(line, out _);

    /// <param name="line">Without its CRLF.</param>
    /// <param name="response">Behind the mechanism of AUTH: it holds a password, so it becomes no string; else null.</param>
    public static CommandLine Parse(ReadOnlySpan<byte> line, out byte[]? response)
    {
        response = null;
        var space = line.IndexOf((byte)' ');
        var word = space < 0 ? line : line[..space];
        var rest = space < 0 ? default : line[(space + 1)..].Trim((byte)' ');
        var verb = VerbOf(word);
        // What is no command is a whole: "GET / HTTP/1.1" says more than its verb.
        if (verb == Verb.Unknown)
            rest = line;
        if (verb == Verb.Auth && rest.IndexOf((byte)' ') is >= 0 and var end)
        {
            response = rest[(end + 1)..].TrimStart((byte)' ').ToArray();
            rest = rest[..end];
        }
        return new(verb, rest.IsEmpty ? "" : Encoding.UTF8.GetString(rest));
    }

    private static Verb VerbOf(ReadOnlySpan<byte> word) => word.Length switch
    {
        4 => FourLetters(word),
        7 when Ascii.EqualsIgnoreCase(word, "XCLIENT"u8) => Verb.Xclient,
        8 when Ascii.EqualsIgnoreCase(word, "STARTTLS"u8) => Verb.StartTls,
        _ => Verb.Unknown,
    };

    private static Verb FourLetters(ReadOnlySpan<byte> word)
    {
        Span<byte> upper = stackalloc byte[4];
        return Ascii.ToUpper(word, upper, out _) != System.Buffers.OperationStatus.Done ? Verb.Unknown
            : upper.SequenceEqual("RCPT"u8) ? Verb.Rcpt
            : upper.SequenceEqual("MAIL"u8) ? Verb.Mail
            : upper.SequenceEqual("DATA"u8) ? Verb.Data
            : upper.SequenceEqual("BDAT"u8) ? Verb.Bdat
            : upper.SequenceEqual("EHLO"u8) ? Verb.Ehlo
            : upper.SequenceEqual("HELO"u8) ? Verb.Helo
            : upper.SequenceEqual("QUIT"u8) ? Verb.Quit
            : upper.SequenceEqual("RSET"u8) ? Verb.Rset
            : upper.SequenceEqual("NOOP"u8) ? Verb.Noop
            : upper.SequenceEqual("VRFY"u8) ? Verb.Vrfy
            : upper.SequenceEqual("EXPN"u8) ? Verb.Expn
            : upper.SequenceEqual("HELP"u8) ? Verb.Help
            : upper.SequenceEqual("AUTH"u8) ? Verb.Auth
            : Verb.Unknown;
    }
}
