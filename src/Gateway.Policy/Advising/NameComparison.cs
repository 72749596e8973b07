using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>Which of the sender's names is compared with the PTR name.</summary>
public enum ComparedName
{
    /// <summary>The name in HELO or EHLO.</summary>
    Helo,

    /// <summary>A host that the MX record of the sender's domain names.</summary>
    Mx,
}

/// <summary>
/// Whether another name of the sender is its PTR name. KB300171 knows receivers that want them to be equal; RFC 5321 §4.1.4 forbids to
/// refuse mail for a HELO name, so this is reported and refuses nobody.
/// </summary>
/// <param name="Kind">Which name.</param>
/// <param name="Name">The name; safe to show.</param>
/// <param name="Agrees">It is one of the PTR names.</param>
/// <param name="Meaning">One sentence; safe to show.</param>
public sealed record NameComparison(ComparedName Kind, string Name, bool Agrees, string Meaning)
{
    /// <param name="facts">What is published.</param>
    /// <param name="helo">What the server says; null when it was not given.</param>
    public static IReadOnlyList<NameComparison> Of(PublishedFacts facts, string? helo)
    {
        var names = facts.Client.Names.Where(static name => name.IsHostName).Select(static name => name.Name).ToList();
        if (names.Count == 0)
            return [];
        var ptr = Wording.Listed([.. names.Select(Wording.Shown)]);
        var rows = new List<NameComparison>();
        if (helo is not null && DomainName.TryParse(helo, out var said) && !AddressLiteral.TryParse(helo, out _))
            rows.Add(Row(ComparedName.Helo, said, $"the server says {Wording.Shown(said)} in EHLO, but its PTR name is {ptr}. Some receivers want both to be equal, although RFC 5321 4.1.4 forbids refusing mail because of that"));
        foreach (var host in facts.Exchanges.Select(static exchange => exchange.Host.Name).Distinct())
            rows.Add(Row(ComparedName.Mx, host, $"the MX host is {Wording.Shown(host)}, but the PTR name is {ptr}. This is allowed, but KB300171 knows receivers that want both to be equal"));
        return rows;

        NameComparison Row(ComparedName kind, DomainName name, string otherwise) => names.Contains(name)
            ? new(kind, Wording.Shown(name), true, $"{Wording.Shown(name)} is the PTR name")
            : new(kind, Wording.Shown(name), false, otherwise);
    }
}
