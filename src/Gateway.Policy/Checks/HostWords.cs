using System.Collections.Frozen;

namespace Gateway.Policy;

/// <summary>What the words in the host part of a name say. Words are runs of letters: borders of labels, digits and hyphens part them.</summary>
/// <param name="Pool">The first word that names a network of customers; null when there is none.</param>
/// <param name="Customer">The first word that does so if a number stands beside it; null when there is none.</param>
/// <param name="IsMail">The host says that it sends mail.</param>
/// <param name="IsStatic">The host says that its address does not change.</param>
internal readonly record struct HostWords(string? Pool, string? Customer, bool IsMail, bool IsStatic)
{
    private static readonly FrozenSet<string> PoolWords = new[]
    {
        "dyn", "dynamic", "dynip", "dip", "dialup", "dialin", "dhcp", "ppp", "pppoe", "dsl", "adsl", "vdsl", "xdsl", "dslb", "hsd",
        "cable", "cablemodem", "catv", "docsis", "broadband", "ftth", "fttx", "fttb", "gpon", "fios", "wimax", "hotspot", "gprs", "umts",
        "residential", "lightspeed",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> CustomerWords = new[]
    {
        "pool", "pools", "cust", "customer", "customers", "client", "clients", "user", "users", "subscriber", "subscribers", "abo", "abonne",
        "cpe", "modem", "members", "mobile", "lte", "wlan", "wifi", "nat", "dial", "unassigned", "unused", "broad", "retail", "priv",
    }.ToFrozenSet();

    // Long enough to be told within a word: "dynamicip", "wlanadsl".
    private static readonly string[] PoolStems = ["dynamic", "adsl", "vdsl", "dialup", "pppoe", "dhcp", "broadband"];

    private static readonly FrozenSet<string> MailWords = new[]
    {
        "mta", "mtas", "vmta", "mx", "mxs", "mxa", "mxb", "mxout", "mxin", "esmtp", "relay", "relays", "outbound", "exchange", "postfix", "exim",
        "sendmail", "sender", "bounce", "bounces", "newsletter", "smarthost", "listserv", "lists", "mout",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> StaticWords = new[] { "static", "fixed", "fix", "statip", "business" }.ToFrozenSet();

    public static HostWords Of(string host)
    {
        var words = new HostWords();
        for (var at = 0; at < host.Length; at++)
        {
            var start = at;
            while (at < host.Length && char.IsAsciiLetter(host[at]))
                at++;
            if (at > start)
                words = words.With(host[start..at]);
        }
        return words;
    }

    private HostWords With(string word) => word switch
    {
        _ when IsMailWord(word) => this with { IsMail = true },
        _ when StaticWords.Contains(word) => this with { IsStatic = true },
        _ when PoolWords.Contains(word) || PoolStems.Any(stem => word.StartsWith(stem, StringComparison.Ordinal) || word.EndsWith(stem, StringComparison.Ordinal))
            => this with { Pool = Pool ?? word },
        _ when CustomerWords.Contains(word) => this with { Customer = Customer ?? word },
        _ => this,
    };

    private static bool IsMailWord(string word) => MailWords.Contains(word)
        || word.StartsWith("mail", StringComparison.Ordinal) || word.EndsWith("mail", StringComparison.Ordinal)
        || word.StartsWith("smtp", StringComparison.Ordinal) || word.EndsWith("smtp", StringComparison.Ordinal);
}
