using System.Globalization;

namespace Gateway.Dns;

/// <summary>Times as zone files write them: seconds (RFC 1035 §5.1), or with units (1h30m), which every server reads.</summary>
public static class TimeUnits
{
    // RFC 2181 §8: a TTL has 31 bits.
    public const long MaxSeconds = int.MaxValue;

    /// <summary>Reads <c>3600</c>, <c>1h</c>, <c>1w2d3h4m5s</c>; units in any case, a last number without unit is seconds.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        long total = 0, number = 0;
        var hasDigits = false;
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter))
            {
                number = number * 10 + (letter - '0');
                hasDigits = true;
            }
            else if (hasDigits && SecondsOf(letter) is { } unit)
            {
                total += number * unit;
                number = 0;
                hasDigits = false;
            }
            else
                return false;
            if (number > MaxSeconds || total > MaxSeconds)
                return false;
        }
        total += number;
        if (text.IsEmpty || total > MaxSeconds)
            return false;
        time = TimeSpan.FromSeconds(total);
        return true;
    }

    /// <summary>As <see cref="TryRead"/>, and milliseconds (<c>500ms</c>): for delays, which are shorter than any TTL.</summary>
    public static bool TryReadFine(ReadOnlySpan<char> text, out TimeSpan time)
    {
        if (!text.EndsWith("ms", StringComparison.OrdinalIgnoreCase))
            return TryRead(text, out time);
        var isNumber = int.TryParse(text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds);
        time = TimeSpan.FromMilliseconds(milliseconds);
        return isNumber;
    }

    public static string Write(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerSecond}s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerMillisecond}ms");

    private static int? SecondsOf(char unit) => (unit | 0x20) switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        'w' => 604800,
        _ => null,
    };
}
