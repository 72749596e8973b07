using System.Net;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;

namespace Gateway.Server.Tests.Inbound;

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
        var counter = new ConnectionCounter();
        Assert.Equal([Admission.Granted, Admission.Granted, Admission.TooManyFromClient], Enter(counter, Ann, Ann, Ann));
        Assert.Equal([Admission.Granted], Enter(counter, IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public void Who_leaves_makes_room_and_leaves_once()
    {
        var counter = new ConnectionCounter();
        var places = Enumerable.Range(0, 3).Select(_ => counter.Enter(Limits)).ToList();
        foreach (var place in places)
            place.CountFor(Ann);
        Assert.Equal(3, counter.Open);
        foreach (var place in places.Concat(places))
            place.Dispose();
        Assert.Equal(0, counter.Open);
        Assert.Equal([Admission.Granted, Admission.Granted], Enter(counter, Ann, Ann));
    }

    [Fact]
    public void All_together_have_a_limit_too()
    {
        var counter = new ConnectionCounter();
        var answers = Enter(counter, [.. Enumerable.Range(1, 6).Select(i => IPAddress.Parse($"198.51.100.{i}"))]);
        Assert.Equal(Admission.TooManyInAll, answers[5]);
        Assert.All(answers.Take(5), answer => Assert.Equal(Admission.Granted, answer));
        Assert.Equal(Admission.TooManyInAll, counter.Enter(Limits).Admission);
    }

    [Fact]
    public void An_ipv6_client_is_its_network_of_64_bits()
    {
        var counter = new ConnectionCounter();
        var answers = Enter(counter, [.. new[] { "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1" }.Select(IPAddress.Parse)]);
        Assert.Equal([Admission.Granted, Admission.Granted, Admission.TooManyFromClient, Admission.Granted], answers);
    }

    [Fact]
    public void Who_turns_out_to_be_another_client_is_counted_as_that_one()
    {
        var counter = new ConnectionCounter();
        using var first = counter.Enter(Limits);
        // A trusted proxy is nobody in particular, until it names somebody.
        Assert.Equal(Admission.Granted, first.CountFor(null));
        Assert.Equal(Admission.Granted, first.CountFor(Ann));
        Assert.Equal([Admission.Granted, Admission.TooManyFromClient], Enter(counter, Ann, Ann));
        Assert.Equal(Admission.Granted, first.CountFor(IPAddress.Parse("192.0.2.2")));
        Assert.Equal([Admission.TooManyFromClient], Enter(counter, Ann));
        Assert.Equal(4, counter.Open);
    }

    private static List<Admission> Enter(ConnectionCounter counter, params IPAddress[] clients) =>
        [.. clients.Select(client => counter.Enter(Limits).CountFor(client))];
}
