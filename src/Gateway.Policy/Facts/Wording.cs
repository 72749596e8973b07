using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>How facts are put into words: names escaped, and nothing longer than a reader or a reply can bear.</summary>
internal static class Wording
{
    /// <summary>Room for the longest host name; only escapes make a name longer.</summary>
    private const int MaxName = 255;

    public static string Shown(DomainName name) => Shortened(name.ToString(), MaxName);

    public static string Shortened(string text, int length) => text.Length <= length ? text : $"{text.AsSpan(0, length - 3)}...";

    /// <summary>Why a temporary failure says nothing about the name.</summary>
    public static string Trouble(DnsAnswer answer)
    {
        var trouble = answer.Status switch
        {
            DnsStatus.ServerFailure => "the name server failed (SERVFAIL)",
            DnsStatus.Refused => "the name server refused to answer (REFUSED)",
            DnsStatus.TimedOut => "no answer in time",
            _ => "the answer was malformed",
        };
        return answer switch
        {
            { Detail: null or "" } => trouble,
            { Status: DnsStatus.TimedOut } => answer.Detail,
            _ => $"{trouble}: {answer.Detail}",
        };
    }

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>, <c>a, b, c and 4 more</c>.</summary>
    public static string Listed(IReadOnlyList<string> items, int most = 3)
    {
        var shown = Math.Min(items.Count, most);
        if (items.Count > most)
            return $"{string.Join(", ", items.Take(shown))} and {items.Count - most} more";
        return shown < 2 ? string.Concat(items) : $"{string.Join(", ", items.Take(shown - 1))} and {items[^1]}";
    }
}
