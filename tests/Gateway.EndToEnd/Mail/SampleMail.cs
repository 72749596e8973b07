using System.Text;

namespace Gateway.EndToEnd;

/// <summary>One message to send: a name for reports, and its bytes with CRLF.</summary>
internal sealed record SampleMail(string Name, byte[] Content)
{
    public override string ToString() => Name;
}

/// <summary>
/// Real messages, from the packages that carry them: parsers' and bounce readers' test data is mail that once gave trouble.
/// </summary>
internal static class RealMail
{
    public static IReadOnlyList<SampleMail> Load()
    {
        var root = Environment.GetEnvironmentVariable("GATEWAY_E2E_SAMPLES");
        Assert.True(Directory.Exists(root), "GATEWAY_E2E_SAMPLES names no folder with unpacked packages");
        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(IsMail).Order(StringComparer.Ordinal)
            .Select(path => new SampleMail(Path.GetRelativePath(root, path), AsSent(File.ReadAllBytes(path))))];
    }

    private static bool IsMail(string path) => Path.GetExtension(path) switch
    {
        ".raw" => path.Contains("/enmime/testdata/", StringComparison.Ordinal),
        ".txt" => path.Contains("/test_email/data/msg_", StringComparison.Ordinal)
                  || path.Contains("/bounce/tests/data/", StringComparison.Ordinal)
                  || path.Contains("/spamassassin/examples/sample-", StringComparison.Ordinal),
        _ => false,
    };

    // Files have LF; SMTP knows CRLF only, and a bare CR may not be sent (RFC 5321 §2.3.8). The line that an mbox puts before a
    // message ("From ann Mon Mar …") is the mbox's.
    private static byte[] AsSent(byte[] file)
    {
        var text = Encoding.Latin1.GetString(file).Replace("\r\n", "\n").Replace('\r', '\n');
        if (text.StartsWith("From ", StringComparison.Ordinal))
            text = text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        return Encoding.Latin1.GetBytes(text.Replace("\n", "\r\n"));
    }
}
