using System.Buffers.Binary;
using System.Globalization;

namespace Gateway.Policy.Checks;

/// <summary>Finds four octets in a name, in the order in which they are given.</summary>
internal static class IPv4Digits
{
    // Fewer digits side by side may be any number.
    private const int LeastJoined = 5;
    private const int MaxNumbers = 128;

    /// <param name="name">Lower case.</param>
    /// <param name="joined">Its letters and digits.</param>
    /// <param name="octets">In order or reversed.</param>
    /// <param name="pairAt">Where among them the address's last two are.</param>
    public static DigitMatch In(ReadOnlySpan<char> name, ReadOnlySpan<char> joined, ReadOnlySpan<byte> octets, int pairAt)
    {
        if (HoldsHex(joined, octets) || HoldsPadded(joined, octets))
            return DigitMatch.Most;
        Span<Range> buffer = stackalloc Range[MaxNumbers];
        var numbers = buffer[..Numbers(name, buffer)];
        return HoldsJoined(name, numbers, octets) ? DigitMatch.Most : LongestRun(name, numbers, octets, pairAt);
    }

    // "c6336407"; three octets only if there is a letter among their digits, else they are a number like any other.
    private static bool HoldsHex(ReadOnlySpan<char> joined, ReadOnlySpan<byte> octets)
    {
        Span<char> hex = stackalloc char[8];
        Convert.TryToHexStringLower(octets, hex, out _);
        return joined.IndexOf(hex) >= 0 || HoldsHexPart(joined, hex[..6]) || HoldsHexPart(joined, hex[2..]);
    }

    private static bool HoldsHexPart(ReadOnlySpan<char> joined, ReadOnlySpan<char> hex) => hex.ContainsAnyInRange('a', 'f') && joined.IndexOf(hex) >= 0;

    // "198051100007", or three octets of it.
    private static bool HoldsPadded(ReadOnlySpan<char> joined, ReadOnlySpan<byte> octets)
    {
        Span<char> padded = stackalloc char[12];
        for (var i = 0; i < octets.Length; i++)
            octets[i].TryFormat(padded[(i * 3)..], out _, "D3", CultureInfo.InvariantCulture);
        return joined.IndexOf(padded[..9]) >= 0 || joined.IndexOf(padded[3..]) >= 0;
    }

    // "198511007", three octets of it, or the whole address as one number: "3325256711".
    private static bool HoldsJoined(ReadOnlySpan<char> name, ReadOnlySpan<Range> numbers, ReadOnlySpan<byte> octets)
    {
        Span<char> all = stackalloc char[12];
        Span<int> ends = stackalloc int[4];
        var length = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            octets[i].TryFormat(all[length..], out var digits, default, CultureInfo.InvariantCulture);
            ends[i] = length += digits;
        }
        Span<char> integer = stackalloc char[10];
        BinaryPrimitives.ReadUInt32BigEndian(octets).TryFormat(integer, out var integerLength, default, CultureInfo.InvariantCulture);
        foreach (var range in numbers)
        {
            var number = name[range];
            if (number.Length >= LeastJoined
                && (number.SequenceEqual(all[..ends[3]]) || number.SequenceEqual(all[..ends[2]]) || number.SequenceEqual(all[ends[0]..ends[3]])
                    || number.SequenceEqual(integer[..integerLength])))
                return true;
        }
        return false;
    }

    // "198-51-100-7", "7.100.51.198", "198x051x100x007"; whatever stands between the numbers. Two numbers count only with
    // one sign between, as the end of the address, and if they are not both small enough to be a count of servers.
    private static DigitMatch LongestRun(ReadOnlySpan<char> name, ReadOnlySpan<Range> numbers, ReadOnlySpan<byte> octets, int pairAt)
    {
        var best = DigitMatch.None;
        for (var first = 0; first < numbers.Length; first++)
        {
            for (var octet = 0; octet < octets.Length - 1; octet++)
            {
                var length = 0;
                while (first + length < numbers.Length && octet + length < octets.Length && IsOctet(name[numbers[first + length]], octets[octet + length]))
                    length++;
                if (length >= 3)
                    return DigitMatch.Most;
                if (octet == pairAt && (IsPaddedPair(name[numbers[first]], octets[octet..]) || (length == 2
                    && Math.Max(octets[octet], octets[octet + 1]) >= 10 && numbers[first + 1].Start.Value - numbers[first].End.Value == 1)))
                    best = DigitMatch.Part;
            }
        }
        return best;
    }

    private static bool IsPaddedPair(ReadOnlySpan<char> digits, ReadOnlySpan<byte> octets) =>
        digits.Length == 6 && IsOctet(digits[..3], octets[0]) && IsOctet(digits[3..], octets[1]);

    private static bool IsOctet(ReadOnlySpan<char> digits, byte octet) =>
        digits.Length <= 3 && int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) == octet;

    private static int Numbers(ReadOnlySpan<char> name, Span<Range> numbers)
    {
        var count = 0;
        for (var at = 0; at < name.Length && count < numbers.Length; at++)
        {
            var start = at;
            while (at < name.Length && char.IsAsciiDigit(name[at]))
                at++;
            if (at > start)
                numbers[count++] = start..at;
        }
        return count;
    }
}
