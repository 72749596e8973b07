using System.Globalization;
using Gateway.Policy.Facts;
using Gateway.Policy.Reading;
using Gateway.Smtp;

namespace Gateway.Policy.Profiles;

/// <summary>What the placeholders of a reply are filled from.</summary>
/// <param name="Context">About ourselves.</param>
/// <param name="Facts">About the client.</param>
/// <param name="Finding">Why it is refused; null in a greeting that welcomes.</param>
/// <param name="Stage">What is said later is not known yet, even where the facts hold it already: in a forecast.</param>
internal readonly record struct ReplyValues(ReplyContext Context, PolicyFacts Facts, Finding? Finding, Stage Stage)
{
    /// <summary>A PTR name, HELO or mailbox is the other party's choice: it may fill half a reply line, not the line.</summary>
    private const int MaxLength = 255;

    private static readonly Dictionary<string, Func<ReplyValues, string?>> Placeholders = new()
    {
        ["ip"] = static values => values.Facts.Address.ToString(),
        ["ptr"] = static values => values.Facts.ClientIfKnown is { Names: [var first, ..] } ? first.Name.ToString() : "unknown",
        ["helo"] = static values => values.Stage >= Stage.Helo && values.Facts.Helo is { } helo ? helo.Name : "unknown",
        ["sender"] = static values => values.Sender?.ToString(),
        ["domain"] = static values => values.Sender?.Domain,
        ["recipient"] = static values =>
            values.Stage >= Stage.Recipient && values.Facts.Recipient is { } recipient ? recipient.ToString()[1..^1] : null,
        ["host"] = static values => values.Context.Host,
        ["session"] = static values => values.Context.Session,
        ["url"] = static values => values.Context.Url,
        ["see"] = static values => values.Context.Url is { } url ? $" see {url}" : null,
        ["date"] = static values => values.Context.Started is { } started ? MailDate.Format(started) : "unknown",
        ["port"] = static values => values.Facts.Port is { } port ? port.ToString(CultureInfo.InvariantCulture) : "unknown",
        ["list"] = static values => values.Finding?.Outcome.Lists?.Against?.List.Zone.ToString(),
        ["listtext"] = static values => values.Finding?.Outcome.Lists?.Against is { } listing ? listing.Reading.Text ?? "no reason given" : null,
        ["check"] = static values => values.Finding?.Check,
        ["reason"] = static values => values.Finding?.Outcome.ReasonId,
        ["detail"] = static values => values.Finding?.Outcome.Reason,
    };

    private Mailbox? Sender => Stage >= Stage.Mail ? Facts.Sender?.Mailbox : null;

    /// <summary>The names that a text may hold in braces.</summary>
    public static IReadOnlyCollection<string> Names => Placeholders.Keys;

    /// <summary>Those that are known before the client has said or done anything.</summary>
    public static IReadOnlyCollection<string> NamesInGreeting { get; } = ["ip", "host", "session", "url", "see", "date", "port"];

    /// <summary>Those that may stand in a reply to a client that is not refused, by what it has said.</summary>
    public static IReadOnlyCollection<string> NamesAt(Stage stage) => stage switch
    {
        Stage.Connect => NamesInGreeting,
        Stage.Helo => [.. NamesInGreeting, "helo"],
        Stage.Mail or Stage.Data => [.. NamesAt(Stage.Helo), "sender", "domain"],
        _ => [.. NamesAt(Stage.Mail), "recipient"],
    };

    public string this[string placeholder] =>
        Wording.Shortened(TextTemplate.Printable(Placeholders[placeholder](this) ?? ""), MaxLength);
}
