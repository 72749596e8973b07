namespace Gateway.Smtp;

/// <summary>What the reply to EHLO announces (RFC 5321 §4.1.1.1).</summary>
public static class ServiceExtensions
{
    // RFC 2920, 1870, 6152, 6531, 2034, 3030.
    private static readonly string[] Usual = ["PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "CHUNKING"];

    // RFC 3207, 4954. The administrator has configured these for clients that need them: no list leaves them out.
    private static readonly string[] Needed = ["XCLIENT", "STARTTLS", "AUTH"];

    /// <summary>All keywords that <see cref="SmtpServerOptions.Extensions"/> may hold: what the engine does, and nothing else.</summary>
    public static IReadOnlyList<string> Keywords { get; } = [.. Usual, "VRFY", "HELP", .. Needed];

    internal static IReadOnlyList<string> Announced(SmtpServerOptions options, bool isSecured, bool mayXclient)
    {
        var chosen = options.Extensions ?? Usual;
        return [.. chosen.Concat(Needed.Except(chosen)).Select(keyword => Line(keyword, options, isSecured, mayXclient)).OfType<string>()];
    }

    /// <summary>The keyword with its parameters; null when it is not offered now.</summary>
    private static string? Line(string keyword, SmtpServerOptions options, bool isSecured, bool mayXclient) => keyword switch
    {
        "SIZE" => $"SIZE {options.MaxMessageSize}",
        "XCLIENT" => mayXclient ? XclientAttributes.Keyword : null,
        // RFC 3207 §4.2: STARTTLS is not offered once TLS is active; and no password is asked for before.
        "STARTTLS" => options.Tls is not null && !isSecured ? keyword : null,
        "AUTH" => options.OffersAuth && isSecured ? "AUTH PLAIN LOGIN" : null,
        _ => keyword,
    };
}
