using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Gateway.Policy.Checks;

/// <summary>Finds the nibbles or groups of an IPv6 address in a name.</summary>
internal static class IPv6Digits
{
    private const int NibbleWindow = 12;
    private const int MaxWords = 128;

    public static bool AreIn(ReadOnlySpan<char> name, ReadOnlySpan<char> joined, ReadOnlySpan<byte> octets, IPAddress address) =>
        HoldsNibbles(joined, octets) || HoldsCompressed(name, address) || HoldsGroups(name, octets);

    // Twelve nibbles side by side, in order or reversed, with or without signs between: enough of them not zero.
    private static bool HoldsNibbles(ReadOnlySpan<char> joined, ReadOnlySpan<byte> octets)
    {
        Span<char> nibbles = stackalloc char[32];
        Convert.TryToHexStringLower(octets, nibbles, out _);
        if (HoldsWindow(joined, nibbles))
            return true;
        nibbles.Reverse();
        return HoldsWindow(joined, nibbles);
    }

    private static bool HoldsWindow(ReadOnlySpan<char> joined, ReadOnlySpan<char> nibbles)
    {
        if (joined.Length < NibbleWindow)
            return false;
        for (var at = 0; at + NibbleWindow <= nibbles.Length; at++)
        {
            var window = nibbles.Slice(at, NibbleWindow);
            if (NibbleWindow - window.Count('0') >= NibbleWindow / 2 && joined.IndexOf(window) >= 0)
                return true;
        }
        return false;
    }

    // "2001-db8--7".
    private static bool HoldsCompressed(ReadOnlySpan<char> name, IPAddress address)
    {
        Span<char> compressed = stackalloc char[64];
        address.TryFormat(compressed, out var length);
        compressed = compressed[..length];
        compressed.Replace(':', '-');
        return compressed.Count('-') >= 3 && name.IndexOf(compressed) >= 0;
    }

    // Three groups side by side, of which two are not zero: "2001-db8-77-0".
    private static bool HoldsGroups(ReadOnlySpan<char> name, ReadOnlySpan<byte> octets)
    {
        Span<Range> buffer = stackalloc Range[MaxWords];
        var words = buffer[..name.SplitAny(buffer, "-._")];
        for (var word = 0; word < words.Length; word++)
        {
            for (var group = 0; group + 3 <= octets.Length / 2; group++)
            {
                var (length, set) = (0, 0);
                while (word + length < words.Length && group + length < octets.Length / 2 && IsGroup(name[words[word + length]], Group(octets, group + length)))
                    set += Group(octets, group + length++) != 0 ? 1 : 0;
                if (length >= 3 && set >= 2)
                    return true;
            }
        }
        return false;
    }

    private static int Group(ReadOnlySpan<byte> octets, int group) => BinaryPrimitives.ReadUInt16BigEndian(octets[(group * 2)..]);

    private static bool IsGroup(ReadOnlySpan<char> word, int group) =>
        word.Length is > 0 and <= 4 && int.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value == group;
}
