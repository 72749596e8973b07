using System.Text;

namespace Gateway.Smtp;

/// <summary>What a look at the octets received so far found.</summary>
public enum ReplyScan
{
    /// <summary>The last line is not there yet.</summary>
    Incomplete,

    /// <summary>A whole reply stands at the start of the octets.</summary>
    Complete,

    /// <summary>This is not SMTP, or more than a reply may hold.</summary>
    Malformed,
}

/// <summary>
/// Finds where a server's reply ends (RFC 5321 §4.2.1), without allocating: most replies need their code only. It goes on
/// where it stopped, so a server that drips costs no more than one that does not.
/// </summary>
public struct ReplyReader
{
    /// <summary>Octets of a line. RFC 5321 §4.5.3.1.5 allows 512; servers that explain themselves at length exist.</summary>
    public const int MaxLine = 4096;

    public const int MaxLines = 100;

    /// <summary>Octets of a whole reply.</summary>
    public const int MaxLength = 65_536;

    private int _lines;

    /// <summary>Octets of the lines seen so far; of the reply, once it is complete.</summary>
    public int Length { get; private set; }

    public int Code { get; private set; }

    /// <param name="received">All octets since the reply began: those of the last call, and more.</param>
    public ReplyScan Scan(ReadOnlySpan<byte> received)
    {
        while (true)
        {
            var rest = received[Length..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
                return rest.Length > MaxLine || received.Length >= MaxLength ? ReplyScan.Malformed : ReplyScan.Incomplete;

            // Only here may a line end with a bare LF: nothing but the reading of a reply hangs on it.
            var line = WithoutEnd(rest[..(end + 1)]);
            if (end >= MaxLine || ++_lines > MaxLines || Length + end >= MaxLength || !TryReadCode(line, out var code))
                return ReplyScan.Malformed;
            if (_lines > 1 && code != Code)
                return ReplyScan.Malformed;
            Code = code;
            Length += end + 1;
            if (line.Length == 3 || line[3] == (byte)' ')
                return ReplyScan.Complete;
        }
    }

    /// <summary>The value of a reply that <see cref="Scan"/> found complete.</summary>
    public static Reply Parse(ReadOnlySpan<byte> reply)
    {
        TryReadCode(reply, out var code);
        var lines = new List<string>();
        EnhancedStatusCode? status = null;
        foreach (var range in reply.TrimEnd((byte)'\n').Split((byte)'\n'))
        {
            var line = WithoutEnd(reply[range]);
            var text = line.Length > 4 ? line[4..] : default;

            // RFC 2034 §4: the status stands on each line; one that contradicts its code is taken as text. A reply to EHLO
            // or a greeting has none, and nothing in them looks like one.
            if (TryReadStatus(text, code / 100, out var found, out var length) && (lines.Count == 0 || found == status))
            {
                status = found;
                text = text[length..];
            }
            lines.Add(Encoding.Latin1.GetString(text));
        }
        return new Reply(code, status, lines);
    }

    // RFC 5321 §4.2: Reply-line = Reply-code [ SP textstring ] CRLF, and clients should do without the text.
    private static bool TryReadCode(ReadOnlySpan<byte> line, out int code)
    {
        code = 0;
        if (line.Length < 3 || line[0] is < (byte)'2' or > (byte)'5' || !IsDigit(line[1]) || !IsDigit(line[2]))
            return false;
        code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
        return line.Length == 3 || line[3] is (byte)' ' or (byte)'-' or (byte)'\r' or (byte)'\n';
    }

    private static bool TryReadStatus(ReadOnlySpan<byte> text, int replyClass, out EnhancedStatusCode status, out int length)
    {
        status = default;
        length = 2;

        // RFC 3463 §2: class "." subject "." detail, with up to three digits each; the class is 2, 4 or 5.
        if (replyClass == 3 || text.Length < 5 || text[0] != '0' + replyClass || text[1] != '.')
            return false;
        if (!TryReadNumber(text, ref length, out var subject) || length >= text.Length || text[length++] != '.')
            return false;
        if (!TryReadNumber(text, ref length, out var detail) || (length < text.Length && text[length] != ' '))
            return false;
        length = Math.Min(length + 1, text.Length);
        status = new EnhancedStatusCode(replyClass, subject, detail);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, ref int at, out int number)
    {
        number = 0;
        var start = at;
        for (; at < text.Length && at - start < 3 && IsDigit(text[at]); at++)
            number = number * 10 + (text[at] - '0');
        return at > start;
    }

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith((byte)'\n'))
            line = line[..^1];
        return line.EndsWith((byte)'\r') ? line[..^1] : line;
    }

    private static bool IsDigit(byte octet) => octet is >= (byte)'0' and <= (byte)'9';
}
