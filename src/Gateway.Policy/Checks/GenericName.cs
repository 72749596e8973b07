using System.Collections.Frozen;
using System.Net;
using Gateway.Dns;

namespace Gateway.Policy.Checks;

/// <summary>
/// Tells a name that a provider gives to every address of a network from one that somebody chose for a server. Names are no
/// proof: the rules weigh what is written, and docs/policy.md says how often they err.
/// </summary>
public static class GenericName
{
    // Second levels under country codes where organizations register one label further down.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SecondLevels = new[]
    {
        "ac", "ad", "asn", "biz", "co", "com", "ed", "edu", "firm", "gen", "go", "gob", "gov", "gr", "gv", "id", "in", "ind", "info", "lg", "ltd",
        "me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch", "web",
    }.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What makes the name generic, as the end of a sentence; null when nothing does.</summary>
    public static string? Explain(DomainName name, IPAddress address)
    {
        Span<char> buffer = stackalloc char[DomainName.MaxLength];
        ReadOnlySpan<char> text = buffer[..Write(name, buffer)];
        var digits = AddressDigits.In(text, address);
        var host = HostPart(text);
        var words = HostWords.Of(host);
        var pool = words.Pool ?? (host.ContainsAnyInRange('0', '9') ? words.Customer : null);

        // Bulk senders name their servers after their addresses, too: "o198x51.outbound-mail", "198-51-100-7.mail-out".
        if (digits == DigitMatch.Most && (!words.IsMail || pool is not null))
            return "contains the digits of the address";
        if (digits == DigitMatch.Part && (!words.IsMail || words.Pool is not null))
            return "contains digits of the address";
        // "static" does not make a name anybody's own, but it is no pool.
        if (pool is not null && !words.IsMail && !words.IsStatic)
            return $"contains the word \"{pool}\"";
        return null;
    }

    /// <summary>The name in lower case, labels parted by dots. Octets that no host name has stay what they are: they match nothing.</summary>
    private static int Write(DomainName name, Span<char> text)
    {
        var wire = name.Wire;
        var length = 0;
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            if (length > 0)
                text[length++] = '.';
            foreach (var octet in wire.Slice(at + 1, wire[at]))
                text[length++] = char.ToLowerInvariant((char)octet);
        }
        return length;
    }

    /// <summary>
    /// What stands before the domain that was registered, whose name says nothing: cable.example is an organization. Without
    /// a list of suffixes, for a verdict must not depend on what files a machine has.
    /// </summary>
    private static ReadOnlySpan<char> HostPart(ReadOnlySpan<char> name)
    {
        var top = name.LastIndexOf('.');
        if (top < 0)
            return default;
        var second = name[..top].LastIndexOf('.');
        var isThird = name.Length - top == 3 && SecondLevels.Contains(name[(second + 1)..top]);
        var registered = isThird && second > 0 ? name[..second].LastIndexOf('.') : second;
        return registered > 0 ? name[..registered] : default;
    }
}
