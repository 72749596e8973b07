using System.Net;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>A list of addresses in the DNS (RFC 5782 §2), and what it means to be on it.</summary>
/// <param name="Zone">Under which its entries stand.</param>
/// <param name="Weight">Added to the client's score; a negative one speaks for the client.</param>
/// <param name="IsAllow">Who is on it is let through, whatever the others say.</param>
/// <param name="Answers">The values that count, for a list that says several things; null for every documented one.</param>
public sealed record AddressList(DomainName Zone, int Weight = 1, bool IsAllow = false, IReadOnlyList<IPNetwork>? Answers = null)
{
    /// <summary>Whether an entry with this value means what the list is asked for.</summary>
    public bool Counts(IPAddress answer) => Answers is null ? ListValue.IsUsual(answer, IsAllow) : Answers.Any(network => network.Contains(answer));

    /// <summary>Why a value is no answer of this list, as the end of a sentence; null when it is one, whether it counts or not.</summary>
    internal string? WhyUnusable(IPAddress answer) =>
        ListValue.WhyNeverAnEntry(answer) ?? (Counts(answer) || ListValue.IsUsual(answer, IsAllow) ? null : "which is not one of its documented answers");
}

/// <summary>Lists that are asked together. Compared by reference: one value for each rule.</summary>
/// <param name="lists">Asked at once.</param>
/// <param name="threshold">The score from which on the client is listed.</param>
public sealed class ListQuery(IReadOnlyList<AddressList> lists, int threshold = 1)
{
    public IReadOnlyList<AddressList> Lists => lists;

    public int Threshold => threshold;
}
