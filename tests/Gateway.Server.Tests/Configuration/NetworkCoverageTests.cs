using System.Net;
using System.Net.Sockets;
using Gateway.Server.Configuration;

namespace Gateway.Server.Tests.Configuration;

public sealed class NetworkCoverageTests
{
    [Theory]
    [InlineData("10.0.0.0/8", 1 / 256.0, "one of 256")]
    [InlineData("10.0.0.0/8 10.0.0.0/8", 1 / 256.0, "the same twice")]
    [InlineData("10.0.0.0/8 10.1.0.0/16 10.2.3.4/32", 1 / 256.0, "networks within another")]
    [InlineData("11.0.0.0/8 10.0.0.0/8", 2 / 256.0, "neighbours, the later one first")]
    [InlineData("0.0.0.0/1 128.0.0.0/1", 1, "two halves")]
    [InlineData("2001:db8::/32", 0, "the other family")]
    [InlineData("64:ff9b::/96", 1, "what a translator makes of all IPv4 addresses")]
    [InlineData("64:ff9b::10.0.0.0/104", 1 / 256.0, "a part of them")]
    [InlineData("::/7", 1, "an IPv6 network that holds all of them")]
    [InlineData("2002::/16", 1, "6to4")]
    [InlineData("2002:a00::/24", 1 / 256.0, "10.0.0.0/8 by 6to4")]
    [InlineData("fc00::/7 ::1/128", 0, "nothing of IPv4")]
    public void Networks_count_once_however_they_are_written(string networks, double share, string why) =>
        Assert.True(share == NetworkCoverage.ShareOf(Parse(networks), AddressFamily.InterNetwork), why);

    [Theory]
    [InlineData("2000::/3", 1, "all of it")]
    [InlineData("::/0", 1, "more than all of it")]
    [InlineData("2000::/4 2000::/5", 0.5, "one within the other")]
    [InlineData("fc00::/7 fe80::/10 ::1/128", 0, "no global unicast")]
    public void Of_IPv6_the_global_unicast_addresses_count(string networks, double share, string why) =>
        Assert.True(share == NetworkCoverage.ShareOf(Parse(networks), AddressFamily.InterNetworkV6), why);

    [Theory]
    [InlineData("Relay.Networks", "would be an open relay")]
    [InlineData("Relay.TrustedProxies", "may claim to be any client")]
    public void All_networks_of_eight_bits_together_are_refused_although_each_may_stand_there(string path, string danger)
    {
        var mistake = Assert.Single(MistakesIn(path, string.Join(' ', Enumerable.Range(0, 256).Select(static first => $"{first}.0.0.0/8"))));

        Assert.StartsWith($"{path} covers 100.00 % of the IPv4 addresses in all, and less than 6.25 % is expected: list only ", mistake, StringComparison.Ordinal);
        Assert.EndsWith(danger, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, 8, true, "sixteen /8 networks")]
    [InlineData(15, 8, false, "fifteen of them: more than anybody has")]
    [InlineData(512, 9, true, "half-networks without end")]
    public void So_are_other_sums_that_are_more_than_anybody_has(int count, int prefix, bool isRefused, string why)
    {
        var networks = string.Join(' ', Enumerable.Range(0, count).Select(i => (uint)i << (32 - prefix))
            .Select(first => $"{first >> 24}.{(byte)(first >> 16)}.0.0/{prefix}"));

        Assert.True(isRefused == MistakesIn("Relay.Networks", networks).Any(), why);
    }

    [Theory]
    [InlineData("2001::/16 2400::/12 2600::/12 2800::/12 2a00::/12 2c00::/12", true, "what the registries have")]
    [InlineData("2a00::/12", true, "what one of them has")]
    [InlineData("2a00::/13 2a08::/13", true, "the same in halves")]
    [InlineData("2003::/19 fc00::/7", false, "a large provider's, and local ones")]
    public void In_IPv6_nobody_has_as_much_as_a_registry(string networks, bool isRefused, string why) =>
        Assert.True(isRefused == MistakesIn("Relay.Networks", networks).Any(), why);

    [Fact]
    public void A_policy_that_exempts_as_much_is_warned_of_and_accepted()
    {
        var warning = Assert.Single(Load("Policy.Exempt.Networks", "0.0.0.0/0").Warnings);

        Assert.StartsWith("Policy.Exempt.Networks covers 100.00 % of the IPv4 addresses in all", warning.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> MistakesIn(string path, string networks)
    {
        try
        {
            Load(path, networks);
            return [];
        }
        catch (ConfigurationException error)
        {
            return error.Errors.Select(static mistake => mistake.ToString());
        }
    }

    private static GatewayOptions Load(string path, string networks) => ConfigurationLoader.Load(null,
    [
        "HostName=mx.example.com", "Relay:AcceptedDomains:0=example.com", "SmartHosts:0:Host=10.0.0.5",
        .. networks.Split(' ').Select((network, i) => $"{path.Replace('.', ':')}:{i}={network}"),
    ]);

    private static IPNetwork[] Parse(string networks) => [.. networks.Split(' ').Select(static network => IPNetwork.Parse(network))];
}
