using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.EndToEnd;

/// <summary>Messages that real mail rarely is and a gateway must not be hurt by.</summary>
internal static class GeneratedMail
{
    private const string Header = "From: Ann <ann@sender.test>\r\nTo: bob@gw.test\r\nSubject: generated\r\n"
        + "Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <generated@sender.test>\r\n";

    public static IReadOnlyList<SampleMail> Shapes() =>
    [
        Plain("empty-body", ""),
        Bytes("no-content", ""),
        Bytes("no-header", "\r\nonly a body\r\n"),
        Bytes("no-header-no-empty-line", "this is no header field\r\nand this neither\r\n"),
        Bytes("header-only", Header),
        Bytes("mbox-line-on-top", "From ann@sender.test Mon Mar  2 09:00:00 2026\r\n" + Header + "\r\nbody\r\n"),
        Bytes("colon-without-name", ": nothing\r\n" + Header + "\r\nbody\r\n"),
        Plain("no-final-newline", "the last line has no end"),
        Plain("dots", ".\r\n..\r\n...\r\n.leading\r\n..leading\r\n. \r\n \r\nend.\r\n"),
        Plain("lone-dot-in-the-middle", "before\r\n.\r\nafter\r\n"),
        Plain("dot-at-the-end", "before\r\n."),
        Plain("many-dots", string.Concat(Enumerable.Repeat(".\r\n", 20_000))),
        Plain("smtp-commands", "QUIT\r\nRSET\r\n.\r\nMAIL FROM:<a@b>\r\nDATA\r\n"),
        Plain("trailing-space", "trailing \t \r\n\t\r\n   \r\n\r\n\r\n\r\n"),
        Plain("from-lines", "From here on\r\n>From quoted\r\n"),
        Plain("long-line-1000", new string('x', 998) + "\r\n" + new string('y', 999) + "\r\n" + new string('z', 1000) + "\r\n"),
        Plain("long-line-100-kb", new string('l', 100_000) + "\r\nshort\r\n" + new string('.', 100_000) + "\r\n"),
        Plain("line-of-a-megabyte", new string('m', 1_000_000)),
        Plain("control-characters", string.Concat(Enumerable.Range(1, 31).Where(c => c is not (10 or 13)).Select(c => (char)c)) + "\u007f\r\n"),
        Plain("all-8-bit", string.Concat(Enumerable.Range(128, 128).Select(c => (char)c)) + "\r\n"),
        Bytes("8-bit-header", "Subject: Gr\u00fc\u00dfe aus K\u00f6ln\r\nX-\u00e4: \u00f6\r\n" + Header + "\r\nbody\r\n"),
        Bytes("long-header-field", "X-Long: " + string.Join("\r\n ", Enumerable.Repeat(new string('h', 900), 50)) + "\r\n" + Header + "\r\nbody\r\n"),
        Bytes("unfolded-header-field", "X-Long: " + new string('u', 30_000) + "\r\n" + Header + "\r\nbody\r\n"),
        Bytes("a-thousand-fields", string.Concat(Enumerable.Range(0, 1000).Select(i => $"X-{i}: {i}\r\n")) + Header + "\r\nbody\r\n"),
        Bytes("fifty-received", string.Concat(Enumerable.Range(0, 50).Select(i => $"Received: from a{i} by b{i}; Mon, 2 Mar 2026 09:00:00 +0000\r\n")) + Header + "\r\nbody\r\n"),
        Bytes("bcc-and-return-path", "Return-Path: <old@sender.test>\r\nBcc: hidden@sender.test\r\nContent-Length: 7\r\n" + Header + "\r\nbody\r\n"),
        Bytes("exact-buffer-sizes", Header + "\r\n" + string.Concat(new[] { 4094, 4095, 4096, 8190, 16382, 65534 }.Select(n => new string('b', n) + "\r\n.\r\n"))),
        WithAttachment("attachment-20-mb", 20_000_000 / 4 * 3),
    ];

    /// <summary>Ordinary mail with attachments of growing size: what the bulk of a day looks like.</summary>
    public static IEnumerable<SampleMail> Ordinary(int count) =>
        Enumerable.Range(0, count).Select(i => WithAttachment($"attachment-{i}", 100 + (i * i * 37)));

    public static SampleMail Plain(string name, string body) => Bytes(name, Header + "\r\n" + body);

    private static SampleMail Bytes(string name, string text) => new(name, Encoding.Latin1.GetBytes(text));

    private static SampleMail WithAttachment(string name, int size)
    {
        // The same bytes in every run: a difference can be looked at again.
        var file = new byte[size];
        for (var (at, block) = (0, 0); at < size; at += 32, block++)
            SHA256.HashData(Encoding.ASCII.GetBytes(block.ToString(CultureInfo.InvariantCulture))).AsSpan(0, Math.Min(32, size - at)).CopyTo(file.AsSpan(at));
        var base64 = Convert.ToBase64String(file, Base64FormattingOptions.InsertLineBreaks);
        return Bytes(name, Header + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\n"
            + "--=_b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nsch\u00f6ne Gr\u00fc\u00dfe\r\n"
            + "--=_b\r\nContent-Type: application/octet-stream; name=\"f.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64 + "\r\n--=_b--\r\n");
    }
}
