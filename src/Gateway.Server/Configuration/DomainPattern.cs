namespace Gateway.Server.Configuration;

/// <summary>How domains are named in lists: <c>example.com</c> is itself, <c>.example.com</c> all below it, <c>*</c> everything.</summary>
public static class DomainPattern
{
    public static bool Matches(string pattern, ReadOnlySpan<char> domain)
    {
        if (pattern == "*")
            return true;
        // A final dot makes a name absolute and changes nothing else (RFC 1034 §3.1).
        if (domain.EndsWith("."))
            domain = domain[..^1];
        return pattern.StartsWith('.')
            ? domain.Length > pattern.Length && domain.EndsWith(pattern, StringComparison.OrdinalIgnoreCase)
            : domain.Equals(pattern, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether every domain that <paramref name="narrow"/> names is also named by <paramref name="wide"/>.</summary>
    public static bool Covers(string wide, string narrow) =>
        wide == "*" || string.Equals(wide, narrow, StringComparison.OrdinalIgnoreCase) || Matches(wide, narrow);
}
