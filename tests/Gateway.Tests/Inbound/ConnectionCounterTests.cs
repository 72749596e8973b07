using System.Net;
using Gateway.Configuration;
using Gateway.Inbound;

namespace Gateway.Tests.Inbound;

public sealed class ConnectionCounterTests
{
    private static readonly LimitOptions Limits = ConfigurationLoader.FromJson("""
        {
          "HostName": "mx.example.com", "Relay": { "AcceptedDomains": [ "example.com" ] }, "SmartHosts": [ { "Host": "10.0.0.5" } ],
          "Limits": { "Connections": 5, "ConnectionsPerClient": 2 }
        }
        """).Limits;

    private static readonly IPAddress Ann = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void A_client_has_its_share_and_no_more()
    {
        var counter = new ConnectionCounter(Limits);
        Assert.Equal([Admission.Granted, Admission.Granted, Admission.TooManyFromClient], [counter.Enter(Ann), counter.Enter(Ann), counter.Enter(Ann)]);
        Assert.Equal(Admission.Granted, counter.Enter(IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public void Who_leaves_makes_room()
    {
        var counter = new ConnectionCounter(Limits);
        for (var i = 0; i < 3; i++)
            counter.Enter(Ann);
        for (var i = 0; i < 3; i++)
            counter.Leave(Ann);
        Assert.Equal(0, counter.Open);
        Assert.Equal(Admission.Granted, counter.Enter(Ann));
    }

    [Fact]
    public void All_together_have_a_limit_too()
    {
        var counter = new ConnectionCounter(Limits);
        var answers = Enumerable.Range(1, 6).Select(i => counter.Enter(IPAddress.Parse($"198.51.100.{i}"))).ToList();
        Assert.Equal(Admission.TooManyInAll, answers[5]);
        Assert.All(answers.Take(5), answer => Assert.Equal(Admission.Granted, answer));
    }

    [Fact]
    public void An_ipv6_client_is_its_network_of_64_bits()
    {
        var counter = new ConnectionCounter(Limits);
        var answers = new[] { "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1" }.Select(text => counter.Enter(IPAddress.Parse(text)));
        Assert.Equal([Admission.Granted, Admission.Granted, Admission.TooManyFromClient, Admission.Granted], answers.ToArray());
    }
}
