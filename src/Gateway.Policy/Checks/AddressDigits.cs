using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Policy;

/// <summary>How much of an address a name holds.</summary>
internal enum DigitMatch
{
    None,

    /// <summary>The last two octets side by side: as good as certain, but a server farm may count so, too.</summary>
    Part,

    /// <summary>Three octets or more: no coincidence.</summary>
    Most,
}

/// <summary>
/// Finds the digits of an address in a name: decimal, zero-padded, hexadecimal, in order or reversed, apart or joined; of IPv6
/// groups and nibbles.
/// </summary>
internal static class AddressDigits
{
    private const int LeastJoined = 5;
    private const int NibbleWindow = 12;

    /// <param name="name">Lower case.</param>
    /// <param name="address">The client's.</param>
    public static DigitMatch In(string name, IPAddress address)
    {
        var octets = address.GetAddressBytes();
        var joined = string.Concat(name.Where(char.IsAsciiLetterOrDigit));
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return HoldsNibbles(joined, octets) || HoldsGroups(name, address, octets) ? DigitMatch.Most : DigitMatch.None;
        byte[] reversed = [octets[3], octets[2], octets[1], octets[0]];
        var numbers = Numbers(name);
        var (forward, backward) = (Match(name, joined, numbers, octets, pairAt: 2), Match(name, joined, numbers, reversed, pairAt: 0));
        return forward > backward ? forward : backward;
    }

    public static bool HasNumber(string text) => text.AsSpan().ContainsAnyInRange('0', '9');

    private static DigitMatch Match(string name, string joined, List<Range> numbers, byte[] octets, int pairAt) =>
        HoldsHex(joined, octets) || HoldsDecimal(name, joined, numbers, octets) ? DigitMatch.Most : LongestRun(name, numbers, octets, pairAt);

    // "c6336407"; three octets only if there is a letter among their digits, else they are a number like any other.
    private static bool HoldsHex(string joined, byte[] octets)
    {
        var hex = Convert.ToHexStringLower(octets);
        return joined.Contains(hex, StringComparison.Ordinal) || HoldsHexPart(joined, hex[..6]) || HoldsHexPart(joined, hex[2..]);
    }

    private static bool HoldsHexPart(string joined, string hex) =>
        hex.AsSpan().ContainsAnyInRange('a', 'f') && joined.Contains(hex, StringComparison.Ordinal);

    // "198051100007", "198511007", "3325256711".
    private static bool HoldsDecimal(string name, string joined, List<Range> numbers, byte[] octets)
    {
        var padded = string.Concat(octets.Select(octet => octet.ToString("D3", CultureInfo.InvariantCulture)));
        if (joined.Contains(padded[..9], StringComparison.Ordinal) || joined.Contains(padded[3..], StringComparison.Ordinal))
            return true;
        string[] wanted =
        [
            string.Concat(octets), string.Concat(octets.Take(3)), string.Concat(octets.Skip(1)),
            BinaryPrimitives.ReadUInt32BigEndian(octets).ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var number in numbers)
            if (wanted.Any(digits => digits.Length >= LeastJoined && name.AsSpan(number).SequenceEqual(digits)))
                return true;
        return false;
    }

    // "198-51-100-7", "7.100.51.198", "198x051x100x007"; whatever stands between the numbers. Two numbers count only with
    // one sign between, as the end of the address, and if they are not both small enough to be a count of servers.
    private static DigitMatch LongestRun(string name, List<Range> numbers, byte[] octets, int pairAt)
    {
        var best = DigitMatch.None;
        for (var first = 0; first < numbers.Count; first++)
        {
            for (var octet = 0; octet < octets.Length - 1; octet++)
            {
                var length = 0;
                while (first + length < numbers.Count && octet + length < octets.Length
                    && IsOctet(name[numbers[first + length]], octets[octet + length]))
                    length++;
                if (length >= 3)
                    return DigitMatch.Most;
                if (IsPaddedPair(name[numbers[first]], octets, octet) && octet == pairAt)
                    best = DigitMatch.Part;
                if (length == 2 && octet == pairAt && Math.Max(octets[octet], octets[octet + 1]) >= 10
                    && numbers[first + 1].Start.Value - numbers[first].End.Value == 1)
                    best = DigitMatch.Part;
            }
        }
        return best;
    }

    private static bool IsPaddedPair(string digits, byte[] octets, int octet) =>
        digits.Length == 6 && IsOctet(digits[..3], octets[octet]) && IsOctet(digits[3..], octets[octet + 1]);

    private static bool IsOctet(string digits, byte octet) =>
        digits.Length <= 3 && int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) == octet;

    private static List<Range> Numbers(string name)
    {
        var numbers = new List<Range>();
        for (var at = 0; at < name.Length; at++)
        {
            var start = at;
            while (at < name.Length && char.IsAsciiDigit(name[at]))
                at++;
            if (at > start)
                numbers.Add(start..at);
        }
        return numbers;
    }

    // Twelve nibbles side by side, in order or reversed, with or without signs between: enough of them not zero.
    private static bool HoldsNibbles(string joined, byte[] octets)
    {
        var forward = Convert.ToHexStringLower(octets);
        var backward = string.Concat(forward.Reverse());
        for (var at = 0; at + NibbleWindow <= forward.Length; at++)
            if (HoldsWindow(joined, forward.AsSpan(at, NibbleWindow)) || HoldsWindow(joined, backward.AsSpan(at, NibbleWindow)))
                return true;
        return false;
    }

    private static bool HoldsWindow(string joined, ReadOnlySpan<char> window) =>
        window.Length - window.Count('0') >= NibbleWindow / 2 && joined.AsSpan().Contains(window, StringComparison.Ordinal);

    // "2001-db8--7", or three groups side by side of which two are not zero: "2001-db8-77-0".
    private static bool HoldsGroups(string name, IPAddress address, byte[] octets)
    {
        var compressed = address.ToString().Replace(':', '-');
        if (compressed.Count('-') >= 3 && name.Contains(compressed, StringComparison.Ordinal))
            return true;
        var words = name.Split('-', '.', '_');
        for (var word = 0; word < words.Length; word++)
        {
            for (var group = 0; group + 3 <= octets.Length / 2; group++)
            {
                var (length, set) = (0, 0);
                while (word + length < words.Length && group + length < octets.Length / 2
                    && IsGroup(words[word + length], Group(octets, group + length)))
                    set += Group(octets, group + length++) != 0 ? 1 : 0;
                if (length >= 3 && set >= 2)
                    return true;
            }
        }
        return false;
    }

    private static int Group(byte[] octets, int group) => BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(group * 2));

    private static bool IsGroup(string word, int group) =>
        word.Length is > 0 and <= 4 && int.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value == group;
}
