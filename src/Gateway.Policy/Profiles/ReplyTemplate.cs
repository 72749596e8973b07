using Gateway.Smtp;

namespace Gateway.Policy;

/// <summary>How a profile words a reply. What it leaves open is said as the check says it by default.</summary>
/// <param name="Code">400 to 599; null for the default.</param>
/// <param name="Status">Its class is that of the code; null for the default.</param>
/// <param name="Text">A line each; null for the default.</param>
public sealed record ReplyTemplate(int? Code, EnhancedStatusCode? Status, IReadOnlyList<TextTemplate>? Text)
{
    private static readonly TextTemplate GreetingLine = TextTemplate.Parse("{host} does not accept mail from [{ip}]");

    /// <summary>The receiver gave its replies no enhanced status, and neither does this one.</summary>
    public bool HasNoStatus { get; init; }

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
        return new(code, status is { } given ? given with { Class = code / 100 } : null, Lines(refusal, own, stage, values));
    }

    /// <summary>A greeting that welcomes; 220.</summary>
    internal static Reply Welcome(IReadOnlyList<TextTemplate> lines, in ReplyValues values) => new(220, null, Rendered(lines, values));

    // Senders often show only the last line of a greeting: it is the one that says what is wrong.
    private static List<string> Lines(Refusal refusal, ReplyTemplate? own, Stage stage, in ReplyValues values)
    {
        if (own?.Text is { } text)
            return Rendered(text, values);
        return Rendered(stage == Stage.Connect ? [GreetingLine, .. refusal.Text] : refusal.Text, values);
    }

    private static List<string> Rendered(IReadOnlyList<TextTemplate> lines, in ReplyValues values)
    {
        var rendered = new List<string>(lines.Count);
        foreach (var line in lines)
            rendered.Add(line.Render(values));
        return rendered;
    }
}
