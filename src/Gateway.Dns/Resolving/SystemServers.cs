using System.Net;
using System.Net.NetworkInformation;

namespace Gateway.Dns;

/// <summary>The name servers that this machine is set up to use.</summary>
public static class SystemServers
{
    private const int Port = 53;
    private const string ResolvConf = "/etc/resolv.conf";

    /// <summary>What resolv.conf names where there is one, else what the network interfaces name, else this machine itself, as libc does.</summary>
    public static IReadOnlyList<IPEndPoint> Read()
    {
        var servers = Parse(ReadResolvConf());
        if (servers.Count == 0)
            servers = OfInterfaces();
        return servers.Count == 0 ? [new(IPAddress.Loopback, Port)] : servers;
    }

    /// <summary>The <c>nameserver</c> lines of resolv.conf(5), in order; the keyword starts the line, and what cannot be read is skipped.</summary>
    public static IReadOnlyList<IPEndPoint> Parse(ReadOnlySpan<char> resolvConf)
    {
        const string keyword = "nameserver";
        var servers = new List<IPEndPoint>();
        foreach (var line in resolvConf.EnumerateLines())
        {
            if (!line.StartsWith(keyword, StringComparison.Ordinal) || line.Length == keyword.Length || line[keyword.Length] is not (' ' or '\t'))
                continue;
            var address = line[keyword.Length..].Trim();
            var end = address.IndexOfAny(' ', '\t', '#');
            if (IPAddress.TryParse(end < 0 ? address : address[..end], out var server))
                Add(servers, server);
        }
        return servers;
    }

    private static string ReadResolvConf()
    {
        try
        {
            return File.Exists(ResolvConf) ? File.ReadAllText(ResolvConf) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // Interfaces with a gateway come first: a virtual switch or a sleeping VPN may name servers that answer nobody.
    private static List<IPEndPoint> OfInterfaces()
    {
        var servers = new List<IPEndPoint>();
        try
        {
            var interfaces = NetworkInterface.GetAllNetworkInterfaces()
                .Where(static candidate => candidate.OperationalStatus == OperationalStatus.Up)
                .Select(static candidate => candidate.GetIPProperties())
                .OrderByDescending(static properties => properties.GatewayAddresses.Count > 0);
            foreach (var server in interfaces.SelectMany(static properties => properties.DnsAddresses))
                Add(servers, server);
        }
        catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
        {
            return servers;
        }
        return servers;
    }

    // fec0:0:0:ffff::1 to ::3 are what Windows shows where nothing is configured.
    private static void Add(List<IPEndPoint> servers, IPAddress address)
    {
        var server = new IPEndPoint(address, Port);
        if (!address.IsIPv6SiteLocal && !servers.Contains(server))
            servers.Add(server);
    }
}
