using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>A block list that anybody may ask, and how an address is taken off it.</summary>
/// <param name="Zone">Under which its entries stand.</param>
/// <param name="Name">What people call it.</param>
/// <param name="About">Which addresses are on it; null when that is not known.</param>
/// <param name="Removal">The page where removal is asked for, or explained; null when that is not known.</param>
/// <param name="HasIPv6">It has entries for IPv6 addresses too.</param>
public sealed record PublicList(DomainName Zone, string Name, string? About, string? Removal, bool HasIPv6);
