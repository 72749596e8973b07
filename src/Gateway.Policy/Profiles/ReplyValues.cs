namespace Gateway.Policy;

/// <summary>What the placeholders of a reply are filled from.</summary>
/// <param name="Context">About ourselves.</param>
/// <param name="Facts">About the client.</param>
/// <param name="Finding">Why it is refused; null in a greeting that welcomes.</param>
internal readonly record struct ReplyValues(ReplyContext Context, PolicyFacts Facts, Finding? Finding)
{
    /// <summary>A PTR name, HELO or mailbox is the other party's choice: it may fill half a reply line, not the line.</summary>
    private const int MaxLength = 255;

    private static readonly Dictionary<string, Func<ReplyValues, string?>> Placeholders = new()
    {
        ["ip"] = static values => values.Facts.Address.ToString(),
        ["ptr"] = static values => values.Facts.ClientIfKnown is { Names: [var first, ..] } ? first.Name.ToString() : "unknown",
        ["helo"] = static values => values.Facts.Helo?.Name ?? "unknown",
        ["sender"] = static values => values.Facts.Sender?.Mailbox?.ToString(),
        ["domain"] = static values => values.Facts.Sender?.Mailbox?.Domain,
        ["recipient"] = static values => values.Facts.Recipient is { } recipient ? recipient.ToString()[1..^1] : null,
        ["host"] = static values => values.Context.Host,
        ["session"] = static values => values.Context.Session,
        ["url"] = static values => values.Context.Url,
        ["see"] = static values => values.Context.Url is { } url ? $" see {url}" : null,
        ["list"] = static values => values.Finding?.Outcome.Lists?.Against?.List.Zone.ToString(),
        ["listtext"] = static values => values.Finding?.Outcome.Lists?.Against is { } listing ? listing.Reading.Text ?? "no reason given" : null,
        ["check"] = static values => values.Finding?.Check,
        ["reason"] = static values => values.Finding?.Outcome.ReasonId,
        ["detail"] = static values => values.Finding?.Outcome.Reason,
    };

    /// <summary>The names that a text may hold in braces.</summary>
    public static IReadOnlyCollection<string> Names => Placeholders.Keys;

    /// <summary>Those that are known before the client has said or done anything.</summary>
    public static IReadOnlyCollection<string> NamesInGreeting { get; } = ["ip", "host", "session", "url", "see"];

    public string this[string placeholder] =>
        Wording.Shortened(TextTemplate.Printable(Placeholders[placeholder](this) ?? ""), MaxLength);
}
