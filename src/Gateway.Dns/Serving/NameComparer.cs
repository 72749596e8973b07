using System.Text;

namespace Gateway.Dns;

/// <summary>Finds names by any part of a wire form, so that a walk from a name to its ancestors creates no object.</summary>
internal sealed class NameComparer : IEqualityComparer<DomainName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, DomainName>
{
    public static NameComparer Instance { get; } = new();

    public bool Equals(DomainName? x, DomainName? y) => x == y;

    public int GetHashCode(DomainName obj) => GetHashCode(obj.Wire);

    public bool Equals(ReadOnlySpan<byte> alternate, DomainName other)
    {
        var wire = other.Wire;
        if (alternate.Length != wire.Length)
            return false;
        // Ascii.EqualsIgnoreCase answers false for any octet above 127, which a label may hold.
        if (Ascii.EqualsIgnoreCase(alternate, wire))
            return true;
        for (var i = 0; i < wire.Length; i++)
            if (Lower(alternate[i]) != Lower(wire[i]))
                return false;
        return true;
    }

    // FNV-1a suffices: the keys are the operator's own, a client cannot add any.
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = 2166136261;
        foreach (var octet in alternate)
            hash = unchecked((hash ^ Lower(octet)) * 16777619);
        return unchecked((int)hash);
    }

    public DomainName Create(ReadOnlySpan<byte> alternate) =>
        DomainName.FromWire(alternate) ?? throw new ArgumentException("This is no name", nameof(alternate));

    private static byte Lower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
}
