using System.Globalization;

namespace Gateway.Smtp;

/// <summary>A point in time as mail writes it (RFC 5322 §3.3): <c>Fri, 20 Jan 2006 22:15:42 -0500</c>.</summary>
public static class MailDate
{
    public static string Format(DateTimeOffset time) =>
        time.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
        + time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
}
