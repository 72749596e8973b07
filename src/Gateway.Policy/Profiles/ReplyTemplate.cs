using Gateway.Policy.Checks;
using Gateway.Policy.Reading;
using Gateway.Smtp;

namespace Gateway.Policy.Profiles;

/// <summary>How a profile words a reply. What it leaves open is said as the check says it by default.</summary>
/// <param name="Code">400 to 599; null for the default.</param>
/// <param name="Status">Its class is that of the code; null for the default.</param>
/// <param name="Text">A line each; null for the default.</param>
public sealed record ReplyTemplate(int? Code, EnhancedStatusCode? Status, IReadOnlyList<TextTemplate>? Text)
{
    private static readonly TextTemplate GreetingLine = TextTemplate.Parse("{host} does not accept mail from [{ip}]");

    /// <summary>The receiver gave its replies no enhanced status, and neither does this one.</summary>
    public bool HasNoStatus { get; init; }

    /// <summary>Octets of a line without its CRLF; a line that is longer is broken at a space. Null: only where the protocol demands it.</summary>
    public int? Wrap { get; init; }

    internal static Reply Render(Refusal refusal, ReplyTemplate? own, in ReplyValues values)
    {
        var stage = values.Stage;
        var code = own?.Code ?? (stage, refusal.IsTemporary) switch
        {
            (Stage.Connect, true) => 421,
            (Stage.Connect, false) => 554,
            _ => refusal.Code,
        };
        // The reader of profiles allows no 5xx for what is temporary; and however a rule came about, none is spoken.
        if (refusal.IsTemporary && code >= 500)
            code = refusal.Code;
        // RFC 5321 §3.1 and §4.3.2: a greeting that is not 220 is 554 or 421; no other 4xx may stand there.
        if (stage == Stage.Connect && code < 500)
            code = 421;
        // RFC 2034 §3: no enhanced status in the greeting, nor in a reply to HELO or EHLO; a receiver that put one there is
        // imitated. Elsewhere the status follows the code: with 450 instead of 550, 5.7.25 becomes 4.7.25.
        var status = own?.Status ?? (stage <= Stage.Helo || own is { HasNoStatus: true } ? null : refusal.Status);
        var lines = Lines(refusal, own, stage, values);
        if (own?.Wrap is { } wrap)
            lines = [.. lines.SelectMany(line => Wrapped(line, wrap - "550 ".Length - (status is null ? 0 : $"{status} ".Length)))];
        return new(code, status is { } given ? given with { Class = code / 100 } : null, lines);
    }

    /// <summary>To a client that is not refused; an enhanced status is part of the words.</summary>
    internal static Reply Positive(int code, IReadOnlyList<TextTemplate> lines, in ReplyValues values) => new(code, null, Rendered(lines, values));

    // Senders often show only the last line of a greeting: it is the one that says what is wrong.
    private static List<string> Lines(Refusal refusal, ReplyTemplate? own, Stage stage, in ReplyValues values)
    {
        if (own?.Text is { } text)
            return Rendered(text, values);
        return Rendered(stage == Stage.Connect ? [GreetingLine, .. refusal.Text] : refusal.Text, values);
    }

    private static IEnumerable<string> Wrapped(string line, int room)
    {
        // Gmail, whose way this is, gives a URL a line of its own with a space before it, however long it becomes.
        while (line.Length > room && line[0] != ' ' && line.LastIndexOf(' ', room) is > 0 and var at)
        {
            yield return line[..at];
            line = line[(at + 1)..];
        }
        yield return line;
    }

    private static List<string> Rendered(IReadOnlyList<TextTemplate> lines, in ReplyValues values)
    {
        var rendered = new List<string>(lines.Count);
        foreach (var line in lines)
            rendered.Add(line.Render(values));
        return rendered;
    }
}
