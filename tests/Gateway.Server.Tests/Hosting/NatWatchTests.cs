using System.Net;
using Gateway.Server.Hosting;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Hosting;

public sealed class NatWatchTests
{
    private static bool Warns(params IEnumerable<(string Client, string Helo)> sessions)
    {
        var watch = new NatWatch();
        var warnings = sessions.Count(session => watch.LooksHidden(
            new SessionStory("0", default, new IPEndPoint(IPAddress.Parse(session.Client), 1025), null, "standard") { Helo = new Helo(session.Helo, true) }));
        Assert.InRange(warnings, 0, 1);
        return warnings == 1;
    }

    private static IEnumerable<(string Client, string Helo)> Many(string client, int names, string helo = "mail") =>
        Enumerable.Range(0, names * 3).Select(i => (client, $"{helo}{i % names}.example"));

    [Theory]
    [InlineData("172.17.0.1", 20, true, "a container's gateway hides everybody")]
    [InlineData("192.168.224.1", 8, true, "a router does")]
    [InlineData("172.17.0.1", 3, false, "three servers of one's own are no crowd")]
    [InlineData("127.0.0.1", 20, false, "loopback is this machine")]
    [InlineData("198.51.100.1", 20, false, "a public address hides nobody")]
    public void Many_names_from_one_private_address_are_said_once(string client, int names, bool warns, string reason) =>
        Assert.True(Warns(Many(client, names)) == warns, reason);

    [Fact]
    public void One_client_of_its_own_address_shows_that_nothing_is_hidden() =>
        Assert.False(Warns(Many("172.17.0.1", 4).Append(("203.0.113.9", "mail.example")).Concat(Many("172.17.0.1", 20))));
}
