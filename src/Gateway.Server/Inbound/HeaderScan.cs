using System.Buffers;
using System.Text;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>What must be known of a message's header before new trace fields go on top. The body is never read.</summary>
/// <param name="ReceivedFields">For loop detection (RFC 5321 §6.3).</param>
/// <param name="Forged">Authentication-Results fields that claim to be ours (RFC 8601 §5): to be left out.</param>
/// <param name="IsTooLong">The header does not end within <see cref="MaxHeader"/>.</param>
public sealed record HeaderScan(int ReceivedFields, IReadOnlyList<ContentRange> Forged, bool IsTooLong)
{
    /// <summary>Octets. Real headers stay far below; Postfix keeps 100 KiB.</summary>
    public const int MaxHeader = 256 * 1024;

    public static async ValueTask<HeaderScan> ReadAsync(MessageContent content, string authservId, CancellationToken cancellationToken)
    {
        byte[]? joined = null;
        try
        {
            var have = 0;
            await foreach (var piece in content.ReadAsync(cancellationToken))
            {
                // Nearly always the first piece holds the whole header, and nothing is copied.
                if (joined is null)
                {
                    if (EndOfHeader(piece.Span) is { } end)
                        return Scan(piece.Span[..end], authservId);
                    if (piece.Length == content.Length)
                        return Scan(piece.Span, authservId);
                    joined = ArrayPool<byte>.Shared.Rent(MaxHeader);
                }
                var taken = Math.Min(piece.Length, MaxHeader - have);
                piece.Span[..taken].CopyTo(joined.AsSpan(have));
                have += taken;
                if (EndOfHeader(joined.AsSpan(0, have)) is { } boundary)
                    return Scan(joined.AsSpan(0, boundary), authservId);
                if (have == MaxHeader)
                    return new(0, [], IsTooLong: true);
            }
            return joined is null ? new(0, [], false) : Scan(joined.AsSpan(0, have), authservId);
        }
        finally
        {
            if (joined is not null)
                ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private static int? EndOfHeader(ReadOnlySpan<byte> octets)
    {
        if (octets.StartsWith("\r\n"u8))
            return 0;
        var at = octets.IndexOf("\r\n\r\n"u8);
        return at < 0 ? null : at + 2;
    }

    private static HeaderScan Scan(ReadOnlySpan<byte> header, string authservId)
    {
        var received = 0;
        List<ContentRange>? forged = null;
        for (int start = 0, end; start < header.Length; start = end)
        {
            end = EndOfField(header, start);
            var field = header[start..end];
            if (HasName(field, "Received"u8))
                received++;
            else if (HasName(field, "Authentication-Results"u8) && ClaimsToBe(field, authservId))
                (forged ??= []).Add(new(start, end));
        }
        return new(received, forged ?? (IReadOnlyList<ContentRange>)[], false);
    }

    // RFC 5322 §2.2.3: a line that begins with white space continues the field.
    private static int EndOfField(ReadOnlySpan<byte> header, int start)
    {
        for (var at = start; ;)
        {
            var line = header[at..].IndexOf("\r\n"u8);
            if (line < 0)
                return header.Length;
            at += line + 2;
            if (at >= header.Length || header[at] is not ((byte)' ' or (byte)'\t'))
                return at;
        }
    }

    private static bool HasName(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) =>
        field.Length > name.Length
        && Ascii.EqualsIgnoreCase(field[..name.Length], name)
        // RFC 5322 §4.5 (obsolete syntax): white space may stand before the colon.
        && field[name.Length..].TrimStart(" \t"u8).StartsWith(":"u8);

    /// <summary>RFC 8601 §2.2: the authserv-id is the first word after the colon; comments and folding may stand before it.</summary>
    private static bool ClaimsToBe(ReadOnlySpan<byte> field, string authservId)
    {
        var rest = field[(field.IndexOf((byte)':') + 1)..].TrimStart(" \t\r\n"u8);
        while (rest.StartsWith("("u8))
            rest = AfterComment(rest).TrimStart(" \t\r\n"u8);
        // It may be quoted, with any letter behind a backslash (RFC 2045 §5.1): whoever reads it will take both away.
        var isQuoted = rest.StartsWith("\""u8);
        var at = isQuoted ? 1 : 0;
        foreach (var letter in authservId)
        {
            if (isQuoted && at < rest.Length && rest[at] == '\\')
                at++;
            if (at >= rest.Length || char.ToLowerInvariant((char)rest[at]) != char.ToLowerInvariant(letter))
                return false;
            at++;
        }
        // A final dot names the same host.
        if (at < rest.Length && rest[at] == '.')
            at++;
        return at == rest.Length || !IsNameOctet(rest[at]);
    }

    private static ReadOnlySpan<byte> AfterComment(ReadOnlySpan<byte> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '(')
                depth++;
            else if (text[i] == ')' && --depth == 0)
                return text[(i + 1)..];
        }
        return [];
    }

    private static bool IsNameOctet(byte octet) => char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'.' or (byte)'-' or (byte)'_';
}
