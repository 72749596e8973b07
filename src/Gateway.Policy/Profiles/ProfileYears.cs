namespace Gateway.Policy.Profiles;

/// <summary>The years in which a receiver behaved as its profile says.</summary>
/// <param name="From">The first year of which it is known; null when no year is known.</param>
/// <param name="To">The last year; null while the receiver still behaves so, as far as is known.</param>
public readonly record struct ProfileYears(int? From, int? To)
{
    /// <summary>The year of the first SMTP server (RFC 821): nothing is known from before.</summary>
    internal const int First = 1982;

    internal const int Last = 2999;

    public bool IsToday => To is null;

    /// <summary>An end that is not known stands for every year on its side.</summary>
    public bool Contains(int year) => year >= (From ?? First) && year <= (To ?? Last);
}
