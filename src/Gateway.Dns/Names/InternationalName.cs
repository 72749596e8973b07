using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Dns;

/// <summary>Domain names as people write them: with U-labels, for which the DNS has A-labels (RFC 5890 §2.3.2.1).</summary>
public static class InternationalName
{
    private static readonly IdnMapping Idn = new();

    public static bool TryParse(string text, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        try
        {
            return DomainName.TryParse(System.Text.Ascii.IsValid(text) ? text : Idn.GetAscii(text), out name);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
