using System.Globalization;

namespace Gateway.Dns;

/// <summary>The words for types: mnemonics, and TYPEnnn for all (RFC 3597 §5).</summary>
internal static class RecordTypes
{
    public static RecordType? Parse(string word)
    {
        if (word.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase))
            return ushort.TryParse(word.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (RecordType)number : null;
        // Enum.TryParse reads numbers too, which are no mnemonics.
        return word.Length > 0 && char.IsAsciiLetter(word[0]) && Enum.TryParse<RecordType>(word, ignoreCase: true, out var type)
            && Enum.IsDefined(type) ? type : null;
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public static string Write(RecordType type) => Enum.IsDefined(type) ? type.ToString().ToUpperInvariant() : $"TYPE{(ushort)type}";

    /// <summary>Types of questions and of transport, which no zone holds (RFC 6895 §3.1): 0, OPT, 128 to 255.</summary>
    public static bool IsMeta(RecordType type) => type is 0 or RecordType.Opt or (>= (RecordType)128 and <= RecordType.Any);
}
