using System.Globalization;

namespace Gateway.Commands;

/// <summary>Reads a point in time: <c>7d</c>, <c>24h</c> or <c>2w</c> before now, or a date in UTC.</summary>
internal static class TimeRange
{
    public const string Allowed = "a span back from now such as 24h, 7d or 2w, or a date in UTC such as 2026-03-01 or 2026-03-01T10:00";

    private static readonly string[] Dates = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
            return date;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0 or > 100_000)
            return null;
        int? hours = text[^1] switch { 'h' => 1, 'd' => 24, 'w' => 7 * 24, _ => null };
        return hours is null || count * (long)hours > 1_000_000 ? null : now.AddHours(-count * hours.Value);
    }
}
