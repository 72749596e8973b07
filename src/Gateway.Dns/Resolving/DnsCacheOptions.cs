using System.ComponentModel.DataAnnotations;

namespace Gateway.Dns;

public sealed class DnsCacheOptions
{
    [Range(1, 10_000_000)]
    public int MaxEntries { get; set; } = 100_000;

    /// <summary>About how much memory the kept answers may take: who is looked up chooses how large answers are.</summary>
    [Range(1 << 16, 1L << 40)]
    public long MaxOctets { get; set; } = 64 << 20;

    /// <summary>RFC 8767 §4 advises a week at the most; a reverse name that was corrected should be seen within a day.</summary>
    public TimeSpan MaxPositive { get; set; } = TimeSpan.FromDays(1);

    /// <summary>RFC 2308 §5: one to three hours work well.</summary>
    public TimeSpan MaxNegative { get; set; } = TimeSpan.FromHours(1);

    /// <summary>RFC 9520 §3.2: failures are kept from one second up to five minutes (RFC 2308 §7).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Failure { get; set; } = TimeSpan.FromSeconds(5);
}
