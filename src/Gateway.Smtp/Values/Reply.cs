using System.Text;

namespace Gateway.Smtp;

/// <summary>
/// An SMTP reply (RFC 5321 §4.2) as a value: code, enhanced status and text travel together to the wire. The text is made
/// safe here, once: no control or 8-bit octet reaches a client, and no line is longer than 512 octets (§4.5.3.1.5).
/// </summary>
public sealed class Reply
{
    private const int MaxLine = 512;

    private byte[]? _wire;

    /// <param name="code">200 to 599.</param>
    /// <param name="status">RFC 2034: on every 2xx, 4xx and 5xx but the greeting and the replies to HELO and EHLO.</param>
    /// <param name="lines">One or more; longer ones are broken at a space.</param>
    /// <exception cref="ArgumentException">The class of the status differs from that of the code: a bug, not an input.</exception>
    public Reply(int code, EnhancedStatusCode? status, params IEnumerable<string> lines)
    {
        if (code is < 200 or > 599)
            throw new ArgumentOutOfRangeException(nameof(code), code, "an SMTP reply code is 200 to 599");
        if (status is { } given && given.Class != code / 100)
            throw new ArgumentException($"{given} cannot stand beside {code}: their classes differ (RFC 2034 §4)", nameof(status));
        Code = code;
        Status = status;
        var room = MaxLine - "250 \r\n".Length - (status is null ? 0 : status.ToString()!.Length + 1);
        Lines = [.. lines.DefaultIfEmpty("").Select(Printable).SelectMany(line => Broken(line, room))];
    }

    /// <summary>A reply with an enhanced status whose class is that of the code.</summary>
    public Reply(int code, int subject, int detail, params IEnumerable<string> lines)
        : this(code, new EnhancedStatusCode(code / 100, subject, detail), lines)
    {
    }

    public int Code { get; }

    public EnhancedStatusCode? Status { get; }

    /// <summary>The text without codes, a line each; never empty.</summary>
    public IReadOnlyList<string> Lines { get; }

    public bool IsPositive => Code < 400;

    public bool IsTransient => Code is >= 400 and < 500;

    public bool IsPermanent => Code >= 500;

    /// <summary>The octets on the wire, made once: static replies cost nothing to send.</summary>
    public ReadOnlyMemory<byte> Wire => _wire ??= Encode();

    /// <summary>One line for logs and people: <c>550 5.7.25 text / text</c>.</summary>
    public override string ToString() => Status is { } status
        ? $"{Code} {status} {string.Join(" / ", Lines)}"
        : $"{Code} {string.Join(" / ", Lines)}";

    private byte[] Encode()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Lines.Count; i++)
        {
            // RFC 5321 §4.2.1: every line but the last has a hyphen after the code. RFC 2034 §4: the status stands on each.
            text.Append(Code).Append(i == Lines.Count - 1 ? ' ' : '-');
            if (Status is { } status)
                text.Append(status).Append(' ');
            text.Append(Lines[i]).Append("\r\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    internal static string Printable(string line) => line.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? string.Create(line.Length, line, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
        })
        : line;

    private static IEnumerable<string> Broken(string line, int room)
    {
        while (line.Length > room)
        {
            var at = line.LastIndexOf(' ', room - 1);
            if (at <= 0)
                at = room;
            yield return line[..at];
            line = line[at..].TrimStart(' ');
        }
        yield return line;
    }
}
