using System.Net;

namespace Gateway.Lab.Talking;

/// <summary>Endpoints as people write them.</summary>
internal static class Endpoints
{
    /// <summary>A socket of both families calls 192.0.2.1 ::ffff:192.0.2.1.</summary>
    public static IPEndPoint Unmapped(this EndPoint endpoint) => (IPEndPoint)endpoint switch
    {
        { Address.IsIPv4MappedToIPv6: true } mapped => new(mapped.Address.MapToIPv4(), mapped.Port),
        var plain => plain,
    };

    public static string Shown(this EndPoint endpoint) => endpoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endpoint.Unmapped().ToString();
}
