using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gateway.Smtp;

namespace Gateway.Lab;

/// <summary>Where the lab's smart host may be told to answer otherwise.</summary>
public enum SmartHostPoint
{
    Connect,
    Ehlo,
    Mail,
    Rcpt,
    Data,

    /// <summary>The end of the message: the final dot, or BDAT LAST.</summary>
    End,
}

/// <summary>How the lab's smart host answers, instead of taking everything.</summary>
public abstract record SmartHostAnswer
{
    private SmartHostAnswer()
    {
    }

    /// <summary>Nobody listens: connections are refused.</summary>
    public sealed record Down : SmartHostAnswer;

    /// <summary>It listens again, and takes everything.</summary>
    public sealed record Up : SmartHostAnswer;

    /// <summary>A reply at a point of the dialogue.</summary>
    /// <param name="Point">Where.</param>
    /// <param name="Recipient">Only for this recipient (without case); null for all.</param>
    /// <param name="Reply">What it says.</param>
    public sealed record Says(SmartHostPoint Point, string? Recipient, Reply Reply) : SmartHostAnswer;

    /// <summary>
    /// Reads <c>down</c>, <c>up</c>, or <c>POINT [&lt;recipient&gt;] CODE [X.Y.Z] text</c>.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmartHostAnswer? answer)
    {
        answer = text switch
        {
            "down" => new Down(),
            "up" => new Up(),
            _ => ReadSays(text),
        };
        return answer is not null;
    }

    private static Says? ReadSays(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || !Enum.TryParse<SmartHostPoint>(words[0], ignoreCase: true, out var point) || char.IsAsciiDigit(words[0][0]))
            return null;
        var at = 1;
        var recipient = words[at].StartsWith('<') ? words[at++].Trim('<', '>') : null;
        if (recipient is not null && point != SmartHostPoint.Rcpt)
            return null;
        if (!int.TryParse(words[at++], NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599)
            return null;
        var status = at < words.Length ? ReadStatus(words[at]) : null;
        if (status is { } given && given.Class != code / 100)
            return null;
        return new(point, recipient, new Reply(code, status, string.Join(' ', words.Skip(status is null ? at : at + 1))));
    }

    private static EnhancedStatusCode? ReadStatus(string word) =>
        word.Split('.') is [var first, var second, var third]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var @class)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var subject)
        && int.TryParse(third, NumberStyles.None, CultureInfo.InvariantCulture, out var detail)
            ? new(@class, subject, detail)
            : null;
}
