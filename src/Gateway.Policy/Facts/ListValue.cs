using System.Net;

namespace Gateway.Policy.Facts;

/// <summary>
/// What the values mean that lists of addresses answer with. A list documents its values; whatever else comes is trouble: the list was
/// given up, it does not serve our resolver, or the resolver invents answers. None of that says anything about the client.
/// </summary>
internal static class ListValue
{
    // RFC 5782 §2.1: entries have values there.
    private static readonly IPNetwork Entries = IPNetwork.Parse("127.0.0.0/8");

    // Large lists answer every question of a resolver that they do not serve with these: a public one, or one that asks too often.
    private static readonly IPNetwork Errors = IPNetwork.Parse("127.255.255.0/24");

    /// <summary>Why no list can mean an entry by a value, as the end of a sentence; null when one can.</summary>
    public static string? WhyNeverAnEntry(IPAddress answer) =>
        !Entries.Contains(answer) ? "which is outside 127.0.0.0/8 (RFC 5782 section 2.1): the list is no longer operated, or the DNS server invents answers"
        : Errors.Contains(answer) ? "an error: the list does not answer this DNS server"
        : answer.Equals(IPAddress.Loopback) ? "which is not an entry: DNS servers that block a name answer like this"
        : null;

    /// <summary>
    /// Whether a value is one that lists usually document, unless the profile says otherwise: block lists keep to 127.0.0.2 to 127.0.0.254
    /// (RFC 5782 §2.1 names 127.0.0.2; the others number their reasons from there). Lists that speak for clients, such as dnswl.org, also
    /// put a category and a level into the last two octets.
    /// </summary>
    public static bool IsUsual(IPAddress answer, bool isAllow)
    {
        Span<byte> octets = stackalloc byte[16];
        return answer.TryWriteBytes(octets, out var length) && length == 4 && octets[..2] is [127, 0]
            && (octets[2] == 0 ? octets[3] is >= 2 and <= 254 : isAllow);
    }
}
