using System.Globalization;

namespace Gateway.Smtp;

/// <summary>What a server offered in its reply to EHLO (RFC 5321 §4.1.1.1).</summary>
public sealed record ServerExtensions
{
    /// <summary>No extension, because the server knows HELO only.</summary>
    public static ServerExtensions None { get; } = new();

    /// <summary>RFC 2920.</summary>
    public bool Pipelining { get; init; }

    /// <summary>RFC 1870.</summary>
    public bool Size { get; init; }

    /// <summary>The largest message the server takes; null when it names no limit (RFC 1870 §4: nor does 0).</summary>
    public long? MaxMessageSize { get; init; }

    /// <summary>RFC 6152.</summary>
    public bool EightBitMime { get; init; }

    /// <summary>RFC 6531.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>RFC 3030.</summary>
    public bool Chunking { get; init; }

    /// <summary>RFC 3207.</summary>
    public bool StartTls { get; init; }

    /// <summary>RFC 2034.</summary>
    public bool EnhancedStatusCodes { get; init; }

    /// <summary>RFC 3461.</summary>
    public bool Dsn { get; init; }

    /// <summary>The mechanisms of AUTH (RFC 4954); empty when it is not offered.</summary>
    public IReadOnlyList<string> AuthMechanisms { get; init; } = [];

    /// <summary>Every keyword in upper case, also those unknown here.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    public bool OffersAuth(string mechanism) => AuthMechanisms.Contains(mechanism, StringComparer.OrdinalIgnoreCase);

    /// <param name="ehlo">The 250 reply; its first line is the server's name.</param>
    public static ServerExtensions Parse(Reply ehlo)
    {
        var keywords = new List<string>();
        var extensions = None;
        foreach (var line in ehlo.Lines.Skip(1))
        {
            // "AUTH=LOGIN" is how servers older than RFC 2554 spell it, beside or instead of "AUTH LOGIN".
            var words = line.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0)
                continue;
            var keyword = words[0].ToUpperInvariant();
            keywords.Add(keyword);
            extensions = extensions.With(keyword, words.AsSpan(1));
        }
        return extensions with { Keywords = keywords };
    }

    private ServerExtensions With(string keyword, ReadOnlySpan<string> parameters) => keyword switch
    {
        "PIPELINING" => this with { Pipelining = true },
        "SIZE" => this with { Size = true, MaxMessageSize = Limit(parameters) },
        "8BITMIME" => this with { EightBitMime = true },
        "SMTPUTF8" => this with { SmtpUtf8 = true },
        "CHUNKING" => this with { Chunking = true },
        "STARTTLS" => this with { StartTls = true },
        "ENHANCEDSTATUSCODES" => this with { EnhancedStatusCodes = true },
        "DSN" => this with { Dsn = true },
        "AUTH" => this with { AuthMechanisms = [.. AuthMechanisms, .. parameters] },
        _ => this,
    };

    private static long? Limit(ReadOnlySpan<string> parameters) =>
        parameters.Length > 0
        && long.TryParse(parameters[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit > 0
            ? limit
            : null;
}
