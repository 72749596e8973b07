namespace Gateway.Smtp;

/// <summary>How the client introduced itself (RFC 5321 §4.1.1.1).</summary>
/// <param name="Name">A domain or an address literal, as written; hostile until escaped.</param>
/// <param name="IsExtended">EHLO, not HELO.</param>
public readonly record struct Helo(string Name, bool IsExtended)
{
    private const int MaxName = 255;

    /// <summary>
    /// Only what no host name can contain is refused: underscores and single words are common, and RFC 5321 §4.1.4 lets no
    /// name be refused for being wrong.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> argument, bool isExtended, out Helo helo)
    {
        helo = default;
        if (argument.Length is 0 or > MaxName || argument.ContainsAnyExceptInRange('!', '~'))
            return false;
        helo = new Helo(argument.ToString(), isExtended);
        return true;
    }
}
