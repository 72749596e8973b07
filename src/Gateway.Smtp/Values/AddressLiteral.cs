using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Smtp;

/// <summary>What stands between the brackets of an address literal (RFC 5321 §4.1.3).</summary>
internal static class AddressLiteral
{
    private static readonly SearchValues<char> Ipv6 = SearchValues.Create("0123456789ABCDEFabcdef:.");
    private static readonly SearchValues<char> Tag =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(ReadOnlySpan<char> text) => IsIPv4(text) || IsIPv6(text) || IsGeneral(text);

    /// <summary><c>IPv4-address-literal = Snum 3("." Snum)</c>.</summary>
    private static bool IsIPv4(ReadOnlySpan<char> text)
    {
        var numbers = 0;
        foreach (var range in text.Split('.'))
        {
            var number = text[range];
            if (number.Length is 0 or > 3 || number.ContainsAnyExceptInRange('0', '9')
                || int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture) > 255)
            {
                return false;
            }
            numbers++;
        }
        return numbers == 4;
    }

    /// <summary><c>IPv6-address-literal = "IPv6:" IPv6-addr</c>.</summary>
    private static bool IsIPv6(ReadOnlySpan<char> text) =>
        text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)
        && !text[5..].ContainsAnyExcept(Ipv6)
        && IPAddress.TryParse(text[5..], out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary><c>General-address-literal = Standardized-tag ":" 1*dcontent</c>.</summary>
    private static bool IsGeneral(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        // An IPv6 address that lacks its tag is a mistake, not a literal with the tag "2001".
        if (colon <= 0 || text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) || !text.ContainsAnyExcept(Ipv6))
            return false;
        var tag = text[..colon];
        var content = text[(colon + 1)..];
        return !tag.ContainsAnyExcept(Tag) && tag[^1] != '-'
            && content.Length > 0 && !content.ContainsAnyExceptInRange('!', '~') && !content.ContainsAny('[', '\\');
    }
}
