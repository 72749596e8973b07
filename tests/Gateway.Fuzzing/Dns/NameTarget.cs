using System.Text;
using Gateway.Dns;

namespace Gateway.Fuzzing.Dns;

/// <summary>
/// A domain name, in wire form and in presentation form (<see cref="DomainName"/>). Each form is read back from the other; no name is
/// longer than RFC 1035 §3.1 allows; names that differ in ASCII case only are equal and have equal hashes.
/// </summary>
internal static class NameTarget
{
    public static void Check(ReadOnlySpan<byte> input)
    {
        if (DomainName.FromWire(input) is { } wired)
        {
            Property.Same(input, wired.Wire, "a name keeps its wire form");
            CheckName(wired);
        }
        var text = Encoding.UTF8.GetString(input);
        if (DomainName.TryParse(text, out var named))
            CheckName(named);
        if (InternationalName.TryParse(text, out var international))
            CheckName(international);
    }

    /// <summary>The presentation form is safe to print, and is the same name again.</summary>
    public static void CheckText(DomainName name)
    {
        var text = name.ToString();
        Property.IsPrintable(text, "a name's text");
        Property.Holds(DomainName.TryParse(text, out var again), "the name's own text is no name", text);
        Property.Same(name.Wire, again!.Wire, "a name's text is the same name again");
    }

    private static void CheckName(DomainName name)
    {
        Property.Holds(name.Wire.Length <= DomainName.MaxLength, "a name is longer than 255 octets");
        Property.Holds(name.Labels.All(static label => label.Length is > 0 and <= DomainName.MaxLabelLength), "a label has 1 to 63 octets");
        CheckText(name);
        CheckAncestors(name);
        CheckCase(name);
    }

    private static void CheckAncestors(DomainName name)
    {
        var labels = 0;
        for (var above = name.Parent; above is not null; above = above.Parent, labels++)
            Property.Holds(name.IsAtOrBelow(above) && !above.IsAtOrBelow(name), "a name lies below its parents, and they do not lie below it");
        Property.Same(labels, name.Labels.Count(), "a name has as many parents as labels");
        if (name.Parent is { } parent)
            Property.Same(name, parent.Prepend(name.Labels.First().Span), "a name is its parent with its first label");
    }

    private static void CheckCase(DomainName name)
    {
        var wire = name.Wire.ToArray();
        for (var i = 0; i < wire.Length; i++)
            if (char.IsAsciiLetter((char)wire[i]))
                wire[i] ^= 0x20;
        var flipped = DomainName.FromWire(wire);
        Property.Same(name, flipped, "names compare without ASCII case");
        Property.Same(name.GetHashCode(), flipped!.GetHashCode(), "equal names have equal hashes");
        Property.Same(name.IsHostName, flipped.IsHostName, "whether a name can be a host's does not depend on case");
    }
}
