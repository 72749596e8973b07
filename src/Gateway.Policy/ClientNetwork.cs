using System.Net;
using System.Net.Sockets;

namespace Gateway.Policy;

/// <summary>A network of clients as people write it: <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>, or one address.</summary>
public static class ClientNetwork
{
    public static bool TryParse(ReadOnlySpan<char> text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        // The framework reads "10.1" as 10.0.0.1 and "010.0.0.1" as 8.0.0.1. Clients are never IPv4-mapped, so that a network
        // of such addresses would match nobody.
        var first = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(first, out var address) || address.IsIPv4MappedToIPv6
            || (address.AddressFamily == AddressFamily.InterNetwork && !first.SequenceEqual(address.ToString())))
            return false;
        if (slash < 0)
        {
            network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }
        // 10.0.0.1/8 may mean the host or the network; whoever wrote it must say which.
        return IPNetwork.TryParse(text, out network) && network.BaseAddress.Equals(address);
    }
}
