using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Dns;

/// <summary>
/// A domain name (RFC 1035 §3.1): at most 255 octets of labels of 1 to 63 octets. Any octet may stand in a label
/// (RFC 2181 §11); names compare without ASCII case (RFC 4343). Kept in wire form, uncompressed, with the root label.
/// </summary>
public sealed class DomainName : IEquatable<DomainName>
{
    public const int MaxLength = 255;
    public const int MaxLabelLength = 63;

    public static DomainName Root { get; } = new([0]);

    private readonly byte[] _wire;
    private readonly int _hash;

    private DomainName(byte[] wire)
    {
        _wire = wire;
        _hash = Hash(wire);
    }

    /// <summary>The uncompressed wire form, as received: length octets, labels, and the root's zero.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    public bool IsRoot => _wire.Length == 1;

    /// <summary>The labels from left to right, without the root.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Labels
    {
        get
        {
            for (var at = 0; _wire[at] != 0; at += _wire[at] + 1)
                yield return _wire.AsMemory(at + 1, _wire[at]);
        }
    }

    /// <summary>The name without its first label; the root has none.</summary>
    public DomainName? Parent => IsRoot ? null : new(_wire[(_wire[0] + 1)..]);

    /// <summary>Builds a name from a complete uncompressed wire form; null when it is none.</summary>
    public static DomainName? FromWire(ReadOnlySpan<byte> wire)
    {
        if (wire.Length > MaxLength)
            return null;
        var at = 0;
        while (at < wire.Length && wire[at] is > 0 and <= MaxLabelLength)
            at += wire[at] + 1;
        return at == wire.Length - 1 && wire[at] == 0 ? new(wire.ToArray()) : null;
    }

    /// <summary>
    /// Reads presentation form (RFC 1035 §5.1): dots part labels, <c>\X</c> and <c>\DDD</c> escape; the final dot may
    /// be missing. Spaces, controls and non-ASCII text stand only as escapes: they are no part of a name as people write it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        if (text is ".")
        {
            name = Root;
            return true;
        }
        Span<byte> wire = stackalloc byte[MaxLength + 1];
        int label = 0, end = 1;
        for (var i = 0; i < text.Length; i++)
        {
            if (end > MaxLength)
                return false;
            if (text[i] == '.')
            {
                if (!CloseLabel(wire, label, end))
                    return false;
                label = end++;
            }
            else if (ReadOctet(text, ref i) is { } octet)
                wire[end++] = octet;
            else
                return false;
        }
        if (end - 1 > label)
        {
            if (end > MaxLength || !CloseLabel(wire, label, end))
                return false;
            label = end++;
        }
        if (text.IsEmpty || label == 0 || end > MaxLength)
            return false;
        wire[label] = 0;
        name = new(wire[..end].ToArray());
        return true;
    }

    /// <exception cref="FormatException">The text is no domain name.</exception>
    public static DomainName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"\"{text}\" is not a domain name (RFC 1035 §3.1)");

    private static bool CloseLabel(Span<byte> wire, int label, int end)
    {
        var length = end - label - 1;
        wire[label] = (byte)length;
        return length is > 0 and <= MaxLabelLength;
    }

    private static byte? ReadOctet(ReadOnlySpan<char> text, ref int at)
    {
        if (text[at] != '\\')
            return text[at] is > ' ' and < '\x7F' ? (byte)text[at] : null;
        if (++at >= text.Length)
            return null;
        if (!char.IsAsciiDigit(text[at]))
            return text[at] is >= ' ' and < '\x7F' ? (byte)text[at] : null;
        if (at + 3 > text.Length || !char.IsAsciiDigit(text[at + 1]) || !char.IsAsciiDigit(text[at + 2]))
            return null;
        var value = ((text[at] - '0') * 100) + ((text[at + 1] - '0') * 10) + (text[at + 2] - '0');
        at += 2;
        return value <= byte.MaxValue ? (byte)value : null;
    }

    /// <summary>This name with one more label on the left; null when it becomes too long.</summary>
    public DomainName? Prepend(ReadOnlySpan<byte> label)
    {
        if (label.Length is 0 or > MaxLabelLength || label.Length + 1 + _wire.Length > MaxLength)
            return null;
        var wire = new byte[label.Length + 1 + _wire.Length];
        wire[0] = (byte)label.Length;
        label.CopyTo(wire.AsSpan(1));
        _wire.CopyTo(wire.AsSpan(label.Length + 1));
        return new(wire);
    }

    /// <summary>Whether this name is <paramref name="ancestor"/> or lies below it.</summary>
    public bool IsAtOrBelow(DomainName ancestor)
    {
        var at = 0;
        while (_wire.Length - at > ancestor._wire.Length)
            at += _wire[at] + 1;
        return EqualIgnoringCase(_wire.AsSpan(at), ancestor._wire);
    }

    /// <summary>
    /// Whether this can be the name of a host: two or more labels of letters, digits and inner hyphens (RFC 1123 §2.1),
    /// the last one not all digits, so that no address looks like a name.
    /// </summary>
    public bool IsHostName
    {
        get
        {
            var labels = 0;
            var last = 0;
            for (var at = 0; _wire[at] != 0; at += _wire[at] + 1, labels++)
            {
                last = at;
                if (!IsHostLabel(_wire.AsSpan(at + 1, _wire[at])))
                    return false;
            }
            return labels >= 2 && _wire.AsSpan(last + 1, _wire[last]).ContainsAnyExceptInRange((byte)'0', (byte)'9');
        }
    }

    private static bool IsHostLabel(ReadOnlySpan<byte> label)
    {
        foreach (var octet in label)
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet != '-')
                return false;
        return label[0] != '-' && label[^1] != '-';
    }

    public bool Equals([NotNullWhen(true)] DomainName? other) =>
        other is not null && _hash == other._hash && EqualIgnoringCase(_wire, other._wire);

    public override bool Equals(object? obj) => Equals(obj as DomainName);

    public override int GetHashCode() => _hash;

    public static bool operator ==(DomainName? left, DomainName? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(DomainName? left, DomainName? right) => !(left == right);

    // Length octets are below 64 and 'A' is 65, so folding the whole wire form never touches one.
    private static bool EqualIgnoringCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Ascii.EqualsIgnoreCase(left, right)
        || (left.Length == right.Length && EqualOctets(left, right));

    // Ascii.EqualsIgnoreCase answers false for any octet above 127, which a label may hold.
    private static bool EqualOctets(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var i = 0; i < left.Length; i++)
            if (Lower(left[i]) != Lower(right[i]))
                return false;
        return true;
    }

    // Names come from clients and fill tables: the framework's string hash is keyed per process, so nobody can make them
    // all fall into one bucket. It wants whole chars; the padding is zero, like the root's label.
    private static int Hash(ReadOnlySpan<byte> wire)
    {
        Span<byte> folded = stackalloc byte[MaxLength + 1];
        folded = folded[..((wire.Length + 1) & ~1)];
        folded[^1] = 0;
        if (Ascii.ToLower(wire, folded, out _) != OperationStatus.Done)
            for (var i = 0; i < wire.Length; i++)
                folded[i] = Lower(wire[i]);
        return string.GetHashCode(MemoryMarshal.Cast<byte, char>(folded));
    }

    private static byte Lower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;

    /// <summary>Presentation form without the final dot; the root is ".". What is no printable ASCII is escaped, so it is safe anywhere.</summary>
    public override string ToString()
    {
        if (IsRoot)
            return ".";
        var text = new StringBuilder(_wire.Length);
        for (var at = 0; _wire[at] != 0; at += _wire[at] + 1)
        {
            if (at > 0)
                text.Append('.');
            foreach (var octet in _wire.AsSpan(at + 1, _wire[at]))
                AppendOctet(text, octet);
        }
        return text.ToString();
    }

    private static void AppendOctet(StringBuilder text, byte octet)
    {
        if (octet is <= 0x20 or >= 0x7F)
            text.Append('\\').Append(octet.ToString("D3", null));
        else if (octet is (byte)'.' or (byte)'\\' or (byte)'"' or (byte)'(' or (byte)')' or (byte)';' or (byte)'@' or (byte)'$')
            text.Append('\\').Append((char)octet);
        else
            text.Append((char)octet);
    }
}
