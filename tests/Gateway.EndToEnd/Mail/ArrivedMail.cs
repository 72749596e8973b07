using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.EndToEnd;

/// <summary>
/// A file that the smart host's Postfix delivered. Lines end in LF there, and on top stand Postfix's own Return-Path, X-Original-To,
/// Delivered-To and Received; then what Gateway put on top; then the message.
/// </summary>
internal sealed partial record ArrivedMail(byte[] Bytes)
{
    // What may stand above a message: the two servers' trace fields. Each server that is passed adds one Received.
    private static readonly string[] TraceFields =
        ["Return-Path", "X-Original-To", "Delivered-To", "Received", "Received-SPF", "Authentication-Results"];

    public string Text { get; } = Encoding.Latin1.GetString(Bytes);

    public string Recipient { get; } = FirstField(Bytes, "X-Original-To");

    /// <summary>The smart host's own id for the transaction that brought it: the same twice is one message, delivered twice by Postfix.</summary>
    public string Transaction => Fields("Received") is [var top, ..] && top.IndexOf(" id ", StringComparison.Ordinal) is > 0 and var at
        ? top[(at + 4)..].Split(' ', ';', '\n')[0]
        : "";

    public static ArrivedMail Read(string path) => new(File.ReadAllBytes(path));

    /// <summary>Every field of this name in the header, unfolded, top first.</summary>
    public IReadOnlyList<string> Fields(string name)
    {
        var end = Text.IndexOf("\n\n", StringComparison.Ordinal);
        var header = Unfold(end < 0 ? Text : Text[..end]);
        return [.. header.Where(f => f.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(f => f[(name.Length + 1)..].Trim())];
    }

    /// <summary>Null when exactly the sent bytes stand below nothing but trace fields; else what is wrong.</summary>
    /// <param name="sent">The content as it was sent, with CRLF.</param>
    public string? DifferenceFrom(ReadOnlySpan<byte> sent)
    {
        var expected = AsPostfixStores(sent);
        if (!Bytes.AsSpan().EndsWith(expected))
            return $"{Recipient}: the content differs, {FirstDifference(expected)}";
        var top = Encoding.Latin1.GetString(Bytes.AsSpan(0, Bytes.Length - expected.Length));
        var alien = Unfold(top).FirstOrDefault(f => !TraceFields.Contains(f.Split(':')[0], StringComparer.OrdinalIgnoreCase));
        return alien is null ? null : $"{Recipient}: something else stands above the message: {alien}";
    }

    private static string[] Unfold(string header) =>
        header.Replace("\n ", " ").Replace("\n\t", " ").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string FirstField(byte[] bytes, string name)
    {
        var text = Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 4096));
        var start = text.IndexOf($"\n{name}: ", StringComparison.Ordinal);
        if (start < 0)
            return "";
        start += name.Length + 3;
        return text[start..text.IndexOf('\n', start)];
    }

    // The one thing that Postfix's cleanup(8) cannot be told to leave alone: it ends the header, with an empty line of its own,
    // where a line is neither a header field nor the continuation of one.
    private static byte[] AsPostfixStores(ReadOnlySpan<byte> sent)
    {
        var text = Encoding.Latin1.GetString(sent).Replace("\r\n", "\n");
        if (text.Length > 0 && !text.EndsWith('\n'))
            text += "\n";
        for (var at = 0; at < text.Length && text[at] != '\n'; at = text.IndexOf('\n', at) + 1)
        {
            if (text[at] is not (' ' or '\t') && !HeaderField().IsMatch(text, at))
                return Encoding.Latin1.GetBytes(text.Insert(at, "\n"));
        }

        return Encoding.Latin1.GetBytes(text);
    }

    [GeneratedRegex(@"\G[!-9;-~]+[ \t]*:")]
    private static partial Regex HeaderField();

    private string FirstDifference(byte[] expected)
    {
        var from = 1;
        while (from <= Math.Min(expected.Length, Bytes.Length) && expected[^from] == Bytes[^from])
            from++;
        string Around(byte[] bytes) =>
            Encoding.Latin1.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - from - 60), Math.Min(80, bytes.Length)));
        return $"{from} bytes before the end: sent \"{Around(expected)}\", arrived \"{Around(Bytes)}\"";
    }
}
