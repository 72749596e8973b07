using System.Globalization;
using System.Text;

namespace Gateway.Server.Inbound;

/// <summary>
/// What a <c>C&gt;</c> line may say that an editor cannot: <c>\r \n \t \\</c>, <c>\xNN</c> for an octet, and
/// <c>\{text*1000}</c> for text (itself with escapes) that often. Everything else stands for its UTF-8 octets.
/// </summary>
public static class Escapes
{
    private const int MaxRepeats = 1 << 20;
    private const int MaxOctets = 1 << 26;

    /// <exception cref="FormatException">What follows a backslash is no escape; the message says which.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        var octets = new MemoryStream();
        while (text.Length > 0)
        {
            var plain = text.IndexOf('\\');
            Append(octets, plain < 0 ? text : text[..plain]);
            if (plain < 0)
                break;
            text = text[(plain + 1)..];
            text = text[DecodeOne(octets, text)..];
        }
        return octets.ToArray();
    }

    /// <summary>The other direction, for transcripts: printable characters stay, all else becomes visible.</summary>
    public static string Show(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder(octets.Length);
        foreach (var octet in octets)
            _ = octet switch
            {
                (byte)'\r' => text.Append(@"\r"),
                (byte)'\n' => text.Append(@"\n"),
                (byte)'\\' => text.Append(@"\\"),
                < 0x20 or >= 0x7F => text.Append(CultureInfo.InvariantCulture, $@"\x{octet:X2}"),
                _ => text.Append((char)octet),
            };
        return text.ToString();
    }

    private static int DecodeOne(MemoryStream octets, ReadOnlySpan<char> text)
    {
        switch (text.Length > 0 ? text[0] : '\0')
        {
            case 'r':
                octets.WriteByte((byte)'\r');
                return 1;
            case 'n':
                octets.WriteByte((byte)'\n');
                return 1;
            case 't':
                octets.WriteByte((byte)'\t');
                return 1;
            case '\\':
                octets.WriteByte((byte)'\\');
                return 1;
            case 'x' when text.Length >= 3 && byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet):
                octets.WriteByte(octet);
                return 3;
            case '{':
                return Repeat(octets, text);
            default:
                throw new FormatException($@"\{(text.Length > 0 ? text[..1].ToString() : "")} is not an escape: write \r \n \t \\ \xNN or \{{text*COUNT}}");
        }
    }

    private static int Repeat(MemoryStream octets, ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('}');
        var star = end < 0 ? -1 : text[..end].LastIndexOf('*');
        if (star < 1 || !int.TryParse(text[(star + 1)..end], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxRepeats)
            throw new FormatException($@"a repetition must be \{{text*COUNT}}, with COUNT at most {MaxRepeats}");
        var once = Decode(text[1..star]);
        if (octets.Length + ((long)once.Length * count) > MaxOctets)
            throw new FormatException($"a line has at most {MaxOctets} octets");
        for (var i = 0; i < count; i++)
            octets.Write(once);
        return end + 1;
    }

    private static void Append(MemoryStream octets, ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        octets.Write(bytes);
    }
}
