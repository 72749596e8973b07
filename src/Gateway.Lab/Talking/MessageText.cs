using System.Globalization;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>Prepares the octets of a message for sending and for showing.</summary>
public static class MessageText
{
    private const int Block = 1 << 16;
    private const int ShownLines = 5;
    private const int ShownOctets = 120;

    /// <summary>Each LF without CR becomes CRLF, and the last line gets its end; everything else stays.</summary>
    /// <param name="octets">As they stand in a file.</param>
    /// <param name="changed">How many line ends were not CRLF.</param>
    public static byte[] WithCrlf(ReadOnlySpan<byte> octets, out int changed)
    {
        changed = 0;
        var text = new List<byte>(octets.Length + 64);
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r'))
            {
                changed++;
                text.Add((byte)'\r');
            }
            text.Add(octets[i]);
        }
        return Ended([.. text]);
    }

    /// <summary>With CRLF at its end: end of data must stand on a line of its own (RFC 5321 §4.1.1.4).</summary>
    public static byte[] Ended(byte[] octets) =>
        octets.Length == 0 || octets.AsSpan().EndsWith("\r\n"u8) ? octets : [.. octets, .. "\r\n"u8];

    /// <summary>In blocks, with a dot before each line that begins with one (RFC 5321 §4.5.2). A block is valid until the next.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> Stuffed(ReadOnlyMemory<byte> message)
    {
        var stuffer = new DotStuffer();
        var block = new byte[Block];
        while (!message.IsEmpty)
        {
            var length = stuffer.Encode(message.Span, block, out var consumed);
            message = message[consumed..];
            yield return block.AsMemory(0, length);
        }
    }

    /// <summary>The first lines of the header, and how much there is in all.</summary>
    internal static List<string> Beginning(ReadOnlySpan<byte> message)
    {
        var lines = new List<string>();
        for (var rest = message; !rest.IsEmpty && lines.Count < ShownLines;)
        {
            var end = rest.IndexOf("\r\n"u8);
            var line = end < 0 ? rest : rest[..end];
            if (line.IsEmpty)
                break;
            lines.Add(Escapes.Show(line[..Math.Min(line.Length, ShownOctets)]) + (line.Length > ShownOctets ? "…" : ""));
            rest = end < 0 ? default : rest[(end + 2)..];
        }
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"… ({message.Length} octets)"));
        return lines;
    }
}
