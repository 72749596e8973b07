using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Smtp;

/// <summary><c>attribute=value</c>, one or more, with spaces between them; names in any case, values in xtext.</summary>
internal static class XclientReader
{
    // Postfix's bound; no host name and no address needs more.
    private const int MaxValue = 255;
    private const int MaxLabel = 63;

    // RFC 1035 §2.3.4: 255 octets on the wire.
    private const int MaxName = 253;
    private const string Unavailable = "[UNAVAILABLE]";
    private const string TemporarilyUnavailable = "[TEMPUNAVAIL]";
    private const string IPv6Tag = "IPV6:";

    private static readonly SearchValues<char> HostLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> IPv6Letters = SearchValues.Create("0123456789ABCDEFabcdef:.");

    /// <summary>Puts a value into its place; null when it is none.</summary>
    private delegate XclientAttributes? Put(XclientAttributes attributes, string value);

    private static readonly Dictionary<string, (Func<XclientAttributes, bool> Has, Put Put)> Places = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NAME"] = (a => a.Name is not null, (a, value) => Name(value) is { } name ? a with { Name = name } : null),
        ["ADDR"] = (a => a.Address is not null, (a, value) => Known(value, Address) is { } address ? a with { Address = address } : null),
        ["PORT"] = (a => a.Port is not null, (a, value) => KnownValue(value, Port) is { } port ? a with { Port = port } : null),
        ["PROTO"] = (a => a.Protocol is not null, (a, value) => KnownValue(value, Protocol) is { } protocol ? a with { Protocol = protocol } : null),
        ["HELO"] = (a => a.Helo is not null, (a, value) => Known(value, Helo) is { } helo ? a with { Helo = helo } : null),
        ["LOGIN"] = (a => a.Login is not null, (a, value) => Known(value, Login) is { } login ? a with { Login = login } : null),
        ["DESTADDR"] = (a => a.DestinationAddress is not null,
            (a, value) => Known(value, Address) is { } address ? a with { DestinationAddress = address } : null),
        ["DESTPORT"] = (a => a.DestinationPort is not null,
            (a, value) => KnownValue(value, Port) is { } port ? a with { DestinationPort = port } : null),
        ["REVERSE_NAME"] = (a => a.ReverseName is not null, (a, value) => Name(value) is { } name ? a with { ReverseName = name } : null),
    };

    public static bool TryRead(string argument, [NotNullWhen(true)] out XclientAttributes? attributes, out string problem)
    {
        attributes = null;
        problem = "";
        var read = new XclientAttributes();
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            problem = "expected XCLIENT attribute=value";
        foreach (var word in words)
        {
            (var next, problem) = Add(read, word);
            if (next is null)
                return false;
            read = next;
        }
        attributes = words.Length > 0 ? read : null;
        return attributes is not null;
    }

    public static IEnumerable<string> Write(XclientAttributes attributes)
    {
        if (attributes.Name is { } name)
            yield return $"NAME={Text(name, Xtext.Encode)}";
        if (attributes.Address is { } address)
            yield return $"ADDR={Text(address, Text)}";
        if (attributes.Port is { } port)
            yield return $"PORT={Text(port, Text)}";
        if (attributes.Protocol is { } protocol)
            yield return $"PROTO={Text(protocol, static value => value.ToString().ToUpperInvariant())}";
        if (attributes.Helo is { } helo)
            yield return $"HELO={Text(helo, Xtext.Encode)}";
        if (attributes.Login is { } login)
            yield return $"LOGIN={Text(login, Xtext.Encode)}";
        if (attributes.DestinationAddress is { } destination)
            yield return $"DESTADDR={Text(destination, Text)}";
        if (attributes.DestinationPort is { } destinationPort)
            yield return $"DESTPORT={Text(destinationPort, Text)}";
        if (attributes.ReverseName is { } reverse)
            yield return $"REVERSE_NAME={Text(reverse, Xtext.Encode)}";
    }

    private static (XclientAttributes? Attributes, string Problem) Add(XclientAttributes attributes, string word)
    {
        var equals = word.IndexOf('=');
        if (equals <= 0 || equals == word.Length - 1)
            return (null, "expected attribute=value");
        var name = word[..equals];
        if (!Places.TryGetValue(name, out var place))
            return (null, $"no such attribute: {Shown(name)}");
        if (place.Has(attributes))
            return (null, $"{name.ToUpperInvariant()} stands twice");
        if (word.Length - equals - 1 > MaxValue)
            return (null, $"the value of {name.ToUpperInvariant()} is too long");
        var value = Xtext.Decode(word.AsSpan(equals + 1));
        return value is not null && place.Put(attributes, value) is { } next ? (next, "") : (null, $"bad {name.ToUpperInvariant()} value: {Shown(word[(equals + 1)..])}");
    }

    private static string Shown(string text) => text.Length <= 64 ? text : $"{text.AsSpan(0, 61)}...";

    private static XclientValue<T>? Known<T>(string value, Func<string, T?> parse) where T : class =>
        Is(value, Unavailable) ? new(XclientStanding.Unavailable, default) : parse(value) is { } known ? new(known) : null;

    private static XclientValue<T>? KnownValue<T>(string value, Func<string, T?> parse) where T : struct =>
        Is(value, Unavailable) ? new(XclientStanding.Unavailable, default) : parse(value) is { } known ? new(known) : null;

    private static XclientValue<string>? Name(string value) =>
        Is(value, TemporarilyUnavailable) ? new(XclientStanding.TemporarilyUnavailable, null) : Known(value, HostName);

    // What an honest proxy took from a PTR record and may hand on: Postfix refuses other octets and bare numbers, too.
    private static string? HostName(string value)
    {
        if (value.Length > MaxName || value.AsSpan().ContainsAnyExcept(HostLetters) || value.All(static letter => char.IsAsciiDigit(letter) || letter == '.'))
            return null;
        foreach (var label in value.Split('.'))
        {
            if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-')
                return null;
        }
        return value;
    }

    /// <summary>As in an address literal (RFC 5321 §4.1.3), without brackets. Not every proxy knows the tag, and nothing else looks like an IPv6 address.</summary>
    private static IPAddress? Address(string value)
    {
        var isTagged = value.StartsWith(IPv6Tag, StringComparison.OrdinalIgnoreCase);
        var text = isTagged ? value[IPv6Tag.Length..] : value;
        if (text.AsSpan().ContainsAnyExcept(IPv6Letters) || !IPAddress.TryParse(text, out var address))
            return null;
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !isTagged && text == address.ToString() ? address : null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static int? Port(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort ? port : null;

    private static XclientProtocol? Protocol(string value) =>
        Is(value, "ESMTP") ? XclientProtocol.Esmtp : Is(value, "SMTP") ? XclientProtocol.Smtp : null;

    private static string? Helo(string value) => Smtp.Helo.TryParse(value, isExtended: false, out var helo) ? helo.Name : null;

    private static string? Login(string value) => value.Any(char.IsControl) ? null : value;

    private static bool Is(string value, string word) => value.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static string Text<T>(XclientValue<T> value, Func<T, string> text) where T : notnull => value.Standing switch
    {
        XclientStanding.Unavailable => Unavailable,
        XclientStanding.TemporarilyUnavailable => TemporarilyUnavailable,
        _ => text(value.Value!),
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? IPv6Tag + new IPAddress(address.GetAddressBytes()) : address.ToString();
}
