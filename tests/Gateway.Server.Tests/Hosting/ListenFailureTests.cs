using System.Net;
using System.Net.Sockets;
using Gateway.Server.Hosting;

namespace Gateway.Server.Tests.Hosting;

public sealed class ListenFailureTests
{
    [Fact]
    public void A_low_port_without_permission_names_both_cures()
    {
        var words = ListenFailure.Explain(new(IPAddress.Any, 25), SocketError.AccessDenied, "Permission denied");
        Assert.StartsWith("permission denied", words, StringComparison.Ordinal);
        Assert.Contains("cap_net_bind_service", words, StringComparison.Ordinal);
        Assert.Contains("a port above 1023", words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_endpoint_that_cannot_be_bound_is_named_and_the_others_are_not()
    {
        // RFC 5737: 192.0.2.0/24 belongs to no machine.
        IPEndPoint[] wanted = [new(IPAddress.Loopback, 0), new(IPAddress.Parse("192.0.2.1"), 25)];
        var words = ListenFailure.Describe(wanted, new SocketException((int)SocketError.AddressNotAvailable));
        Assert.Equal("cannot listen on 192.0.2.1:25: 192.0.2.1 is no address of this machine", words);
    }
}
