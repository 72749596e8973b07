using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Server.Configuration;

/// <summary>
/// How much of the Internet a list of networks covers together. A list may be as wide as the whole Internet although each network in it
/// is narrow: 256 networks of /8 are all of IPv4.
/// </summary>
internal static class NetworkCoverage
{
    // One sixteenth of IPv4, which is sixteen /8 networks: the largest holder of addresses, a ministry of defence, has thirteen.
    private const double WidestIPv4 = 1.0 / 16;

    // Of 2000::/3 (RFC 4291 §2.4) a /12 is one part in 512. IANA gives that much to a regional registry, and six of these hold nearly
    // all that is in use; the largest networks of an organisation are /19 and /20.
    private const double WidestIPv6 = 1.0 / 512;

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // IPv6 addresses that stand for all of IPv4: of a translator (RFC 6052 §2.1) and of 6to4 (RFC 3056 §2). The IPv4 address follows the prefix.
    private static readonly IPNetwork[] Embedding = [IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("2002::/16")];

    /// <summary>What is wrong with the sum of the networks, and what to do; null when it is one that an organisation may have.</summary>
    public static string? TooWide(IReadOnlyList<IPNetwork> networks) =>
        TooWide(networks, AddressFamily.InterNetwork, "the IPv4 addresses", WidestIPv4)
        ?? TooWide(networks, AddressFamily.InterNetworkV6, "the IPv6 global unicast addresses (2000::/3)", WidestIPv6);

    /// <summary>Which part of all IPv4 addresses, or of all global unicast IPv6 addresses, is in one of the networks; 0 to 1.</summary>
    public static double ShareOf(IEnumerable<IPNetwork> networks, AddressFamily family)
    {
        var space = family == AddressFamily.InterNetwork ? RangeOf(IPNetwork.Parse("0.0.0.0/0")) : RangeOf(GlobalUnicast);
        var own = networks.Where(network => network.BaseAddress.AddressFamily == family).Select(RangeOf);
        var ranges = (family == AddressFamily.InterNetwork ? own.Concat(networks.SelectMany(Embedded)) : own)
            .Where(range => range.Last >= space.First && range.First <= space.Last)
            .Select(range => (First: UInt128.Max(range.First, space.First), Last: UInt128.Min(range.Last, space.Last)))
            .OrderBy(static range => range.First);
        var covered = 0.0;
        UInt128? upTo = null;
        foreach (var (first, last) in ranges)
        {
            // Networks nest or lie apart, but the same one may stand there twice, and one within another.
            if (last <= upTo)
                continue;
            covered += (double)(last - first) + 1;
            upTo = last;
        }
        return covered / ((double)(space.Last - space.First) + 1);
    }

    /// <summary>The IPv4 addresses for which addresses of an IPv6 network stand.</summary>
    private static IEnumerable<(UInt128 First, UInt128 Last)> Embedded(IPNetwork network)
    {
        if (network.BaseAddress.AddressFamily != AddressFamily.InterNetworkV6)
            yield break;
        var (first, last) = RangeOf(network);
        foreach (var embedding in Embedding)
        {
            var space = RangeOf(embedding);
            var behind = 128 - 32 - embedding.PrefixLength;
            if (last >= space.First && first <= space.Last)
                yield return ((UInt128.Max(first, space.First) >> behind) & uint.MaxValue, (UInt128.Min(last, space.Last) >> behind) & uint.MaxValue);
        }
    }

    private static string? TooWide(IReadOnlyList<IPNetwork> networks, AddressFamily family, string space, double widest)
    {
        var share = ShareOf(networks, family);
        return share < widest ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"covers {share:P2} of {space} in all, and less than {widest:P2} is expected");
    }

    private static (UInt128 First, UInt128 Last) RangeOf(IPNetwork network)
    {
        var octets = network.BaseAddress.GetAddressBytes();
        var first = octets.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt128BigEndian(octets);
        var hostBits = (octets.Length * 8) - network.PrefixLength;
        return (first, first | (hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1));
    }
}
