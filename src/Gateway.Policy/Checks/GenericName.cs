using System.Net;
using Gateway.Dns;

namespace Gateway.Policy;

/// <summary>
/// Tells a name that a provider gives to every address of a network from one that somebody chose for a server. Names are no
/// proof: the rules weigh what is written, and docs/policy.md says how often they err.
/// </summary>
public static class GenericName
{
    /// <summary>What makes the name generic, as the end of a sentence; null when nothing does.</summary>
    public static string? Explain(DomainName name, IPAddress address)
    {
        var text = name.ToString().ToLowerInvariant();
        var digits = AddressDigits.In(text, address);
        var host = HostPart(text);
        var words = HostWords.Of(host);
        var pool = words.Pool ?? (AddressDigits.HasNumber(host) ? words.Customer : null);

        // Bulk senders name their servers after their addresses, too: "o198x51.outbound-mail", "198-51-100-7.mail-out".
        if (digits == DigitMatch.Most && (!words.IsMail || pool is not null))
            return "holds the digits of the address";
        if (digits == DigitMatch.Part && (!words.IsMail || words.Pool is not null))
            return "holds digits of the address";
        // "static" does not make a name anybody's own, but it is no pool.
        if (pool is not null && !words.IsMail && !words.IsStatic)
            return $"holds the word \"{pool}\"";
        return null;
    }

    // Second levels under country codes where organizations register one label further down.
    private static readonly HashSet<string> SecondLevels =
    [
        "ac", "ad", "asn", "biz", "co", "com", "ed", "edu", "firm", "gen", "go", "gob", "gov", "gr", "gv", "id", "in", "ind", "info", "lg", "ltd",
        "me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch", "web",
    ];

    /// <summary>
    /// What stands before the domain that was registered, whose name says nothing: cable.example is an organization. Without
    /// a list of suffixes, for a verdict must not depend on what files a machine has.
    /// </summary>
    private static string HostPart(string name)
    {
        var labels = name.Split('.');
        var registered = labels is [.., var second, { Length: 2 }] && SecondLevels.Contains(second) ? 3 : 2;
        return string.Join('.', labels.Take(Math.Max(labels.Length - registered, 0)));
    }
}
