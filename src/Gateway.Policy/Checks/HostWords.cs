using System.Collections.Frozen;

namespace Gateway.Policy.Checks;

/// <summary>What the words in the host part of a name say. Words are runs of letters: borders of labels, digits and hyphens part them.</summary>
/// <param name="Pool">The first word that names a network of customers; null when there is none.</param>
/// <param name="Customer">The first word that does so if there is a number, too; null when there is none.</param>
/// <param name="IsMail">The host says that it sends mail.</param>
/// <param name="IsStatic">The host says that its address does not change.</param>
internal readonly record struct HostWords(string? Pool, string? Customer, bool IsMail, bool IsStatic)
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> PoolWords = Words(
        "dyn", "dynamic", "dynip", "dip", "dialup", "dialin", "dhcp", "ppp", "pppoe", "dsl", "adsl", "vdsl", "xdsl", "dslb", "hsd",
        "cable", "cablemodem", "catv", "docsis", "broadband", "ftth", "fttx", "fttb", "gpon", "fios", "wimax", "hotspot", "gprs", "umts",
        "residential", "lightspeed");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> CustomerWords = Words(
        "pool", "pools", "cust", "customer", "customers", "client", "clients", "user", "users", "subscriber", "subscribers", "abo", "abonne",
        "cpe", "modem", "members", "mobile", "lte", "wlan", "wifi", "nat", "dial", "unassigned", "unused", "broad", "retail", "priv");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> MailWords = Words(
        "mta", "mtas", "vmta", "mx", "mxs", "mxa", "mxb", "mxout", "mxin", "esmtp", "relay", "relays", "outbound", "exchange", "postfix", "exim",
        "sendmail", "sender", "bounce", "bounces", "newsletter", "smarthost", "listserv", "lists", "mout");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StaticWords = Words("static", "fixed", "fix", "statip", "business");

    // Long enough to be told at the beginning or end of a word: "dynamicip", "wlanadsl".
    private static readonly string[] PoolStems = ["dynamic", "adsl", "vdsl", "dialup", "pppoe", "dhcp", "broadband"];

    public static HostWords Of(ReadOnlySpan<char> host)
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

    private HostWords With(ReadOnlySpan<char> word)
    {
        if (MailWords.Contains(word) || HasStem(word, "mail") || HasStem(word, "smtp"))
            return this with { IsMail = true };
        if (StaticWords.Contains(word))
            return this with { IsStatic = true };
        if (PoolWords.TryGetValue(word, out var pool) || (pool = StemOf(word)) is not null)
            return this with { Pool = Pool ?? pool };
        return CustomerWords.TryGetValue(word, out var customer) ? this with { Customer = Customer ?? customer } : this;
    }

    private static string? StemOf(ReadOnlySpan<char> word)
    {
        foreach (var stem in PoolStems)
            if (HasStem(word, stem))
                return stem;
        return null;
    }

    private static bool HasStem(ReadOnlySpan<char> word, string stem) => word.StartsWith(stem) || word.EndsWith(stem);

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words(params string[] words) =>
        words.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
