using Gateway.Smtp;

namespace Gateway.Fuzzing.Smtp;

/// <summary>
/// A server's reply (<see cref="ReplyReader"/>, <see cref="ServerExtensions"/>). However the octets arrive, the reply ends at the same octet
/// or is none; it keeps its bounds; its value is safe to print and to send, and is the same reply when it is read again.
/// </summary>
internal static class ReplyTarget
{
    private readonly record struct Scanned(ReplyScan Scan, int Length, int Code);

    public static void Check(ReadOnlySpan<byte> input)
    {
        var whole = Scan(input, Math.Max(1, input.Length));
        Property.Same(whole, Scan(input, 1), "octet by octet, the reply is the same");
        Property.Same(whole, Scan(input, 7), "in sevens, the reply is the same");
        if (whole.Scan != ReplyScan.Complete)
            return;
        Property.Holds(whole.Length is >= 4 and <= ReplyReader.MaxLength && whole.Length <= input.Length, "a reply keeps its bounds");
        Property.Holds(input[whole.Length - 1] == '\n', "a reply ends with its line");
        var reply = ReplyReader.Parse(input[..whole.Length]);
        Property.Same(whole.Code, reply.Code, "a reply has the code that was scanned");
        CheckWire(reply);
        CheckAgain(reply);
        foreach (var keyword in ServerExtensions.Parse(reply).Keywords)
            Property.IsPrintable(keyword, "a keyword of EHLO");
    }

    /// <summary>Every line of a reply is printable ASCII behind its code, and has at most 512 octets (RFC 5321 §4.5.3.1.5).</summary>
    public static void CheckWire(Reply reply)
    {
        var wire = reply.Wire.Span;
        Property.Holds(wire.EndsWith("\r\n"u8), "a reply ends with CRLF");
        var lines = 0;
        for (var rest = wire; !rest.IsEmpty; lines++)
        {
            var end = rest.IndexOf("\r\n"u8);
            Property.Holds(end <= 510, "a line of a reply is longer than 512 octets");
            Property.Holds(!rest[..end].ContainsAnyExceptInRange((byte)' ', (byte)'~'), "a line of a reply is not printable");
            Property.Holds(end >= 4 && rest[3] == (end + 2 == rest.Length ? ' ' : '-'), "every line of a reply but the last has a hyphen");
            rest = rest[(end + 2)..];
        }
        Property.Same(reply.Lines.Count, lines, "a reply has the lines that it says");
    }

    private static void CheckAgain(Reply reply)
    {
        if (reply.Lines.Count > ReplyReader.MaxLines)
            return;
        var wire = reply.Wire.Span;
        Property.Same(new(ReplyScan.Complete, wire.Length, reply.Code), Scan(wire, wire.Length), "a reply's own octets are a reply");
        var again = ReplyReader.Parse(wire);
        Property.Same(wire, again.Wire.Span, "a reply that is passed on is the same reply");
    }

    private static Scanned Scan(ReadOnlySpan<byte> input, int size)
    {
        var reader = new ReplyReader();
        for (var arrived = 0; arrived < input.Length;)
        {
            arrived = Math.Min(arrived + size, input.Length);
            if (reader.Scan(input[..arrived]) is var scan and not ReplyScan.Incomplete)
                return scan == ReplyScan.Complete ? new(scan, reader.Length, reader.Code) : new(scan, 0, 0);
        }
        return new(ReplyScan.Incomplete, 0, 0);
    }
}
