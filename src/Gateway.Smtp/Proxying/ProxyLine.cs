using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Smtp;

/// <summary>Version 1 of the PROXY protocol (§2.1): a line of ASCII.</summary>
internal static class ProxyLine
{
    /// <summary>Octets with CRLF (§2.1, the worst case): a buffer of this size is always enough.</summary>
    public const int MaxLength = 107;

    private static readonly SearchValues<byte> Ipv6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    public static ProxyHeaderStatus TryRead(ref ReadOnlySequence<byte> octets, out ProxyHeader? header)
    {
        header = null;
        Span<byte> buffer = stackalloc byte[MaxLength];
        var length = (int)Math.Min(octets.Length, MaxLength);
        octets.Slice(0, length).CopyTo(buffer);
        ReadOnlySpan<byte> line = buffer[..length];
        // Whoever speaks SMTP at once is told so at once, not when 107 octets or the deadline have passed.
        var prefix = "PROXY "u8;
        if (!prefix[..Math.Min(prefix.Length, length)].SequenceEqual(line[..Math.Min(prefix.Length, length)]))
            return ProxyHeaderStatus.Invalid;
        var end = line.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
            return length == MaxLength ? ProxyHeaderStatus.Invalid : ProxyHeaderStatus.Incomplete;
        if (line[end] == '\n')
            return ProxyHeaderStatus.Invalid;
        if (end + 1 == length)
            return length == MaxLength ? ProxyHeaderStatus.Invalid : ProxyHeaderStatus.Incomplete;
        if (line[end + 1] != '\n')
            return ProxyHeaderStatus.Invalid;
        header = Parse(line[prefix.Length..end]);
        if (header is null)
            return ProxyHeaderStatus.Invalid;
        octets = octets.Slice(end + 2);
        return ProxyHeaderStatus.Complete;
    }

    public static byte[] Encode(ProxyHeader header)
    {
        if (!header.TryGetPair(out var source, out var destination))
            return "PROXY UNKNOWN\r\n"u8.ToArray();
        var family = source.AddressFamily == AddressFamily.InterNetwork ? "TCP4" : "TCP6";
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"PROXY {family} {Text(source.Address)} {Text(destination.Address)} {source.Port} {destination.Port}\r\n"));
    }

    // A zone index is this machine's own business.
    private static string Text(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0
            ? new IPAddress(address.GetAddressBytes()).ToString()
            : address.ToString();

    /// <summary>What stands behind "PROXY " and before CRLF: family, source, destination and both ports, with one space between them.</summary>
    private static ProxyHeader? Parse(ReadOnlySpan<byte> text)
    {
        // §2.1: the receiver must ignore anything before the CRLF.
        if (text.SequenceEqual("UNKNOWN"u8) || text.StartsWith("UNKNOWN "u8))
            return ProxyHeader.Local;
        AddressFamily? family = text.StartsWith("TCP4 "u8) ? AddressFamily.InterNetwork
            : text.StartsWith("TCP6 "u8) ? AddressFamily.InterNetworkV6
            : null;
        if (family is null)
            return null;
        text = text[5..];
        if (text.Count((byte)' ') != 3)
            return null;
        var from = Field(ref text);
        var to = Field(ref text);
        var source = Endpoint(from, Field(ref text), family);
        var destination = Endpoint(to, text, family);
        return source is null || destination is null ? null : new(source, destination);
    }

    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        var field = text[..space];
        text = text[(space + 1)..];
        return field;
    }

    private static IPEndPoint? Endpoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port, AddressFamily? family) =>
        Address(address) is { } found && found.AddressFamily == family && Port(port) is { } number
            ? ProxyHeader.EndpointOf(found, number)
            : null;

    private static IPAddress? Address(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyExcept(Ipv6) || !IPAddress.TryParse(text, out var address))
            return null;
        // The framework reads "1.2" as 1.0.0.2 and "010.0.0.1" as 8.0.0.1.
        return address.AddressFamily == AddressFamily.InterNetworkV6 || Ascii.Equals(text, address.ToString()) ? address : null;
    }

    private static int? Port(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 5 || text.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (text.Length > 1 && text[0] == '0'))
            return null;
        var port = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return port <= IPEndPoint.MaxPort ? port : null;
    }
}
