using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Dns;
using Gateway.Policy.Checks;

namespace Gateway.Policy.Tests;

public sealed class GenericNameTests(ITestOutputHelper output)
{
    // docs/policy.md tells these bounds to whoever enforces the check.
    private const double MostWronglyGeneric = 0.02;
    private const double MostMissed = 0.04;

    [Fact]
    public void The_rules_err_seldom_on_either_side()
    {
        Assert.True(GenericNames.Generic.Count + GenericNames.Chosen.Count >= 150);

        var missed = Wrong(GenericNames.Generic, isGeneric: true);
        var wronglyGeneric = Wrong(GenericNames.Chosen, isGeneric: false);

        Assert.InRange(missed, 0, MostMissed);
        Assert.InRange(wronglyGeneric, 0, MostWronglyGeneric);
    }

    [Fact]
    public void The_digits_of_any_address_are_recognised_however_they_are_written()
    {
        var addresses = Gen.ArrayOf(Gen.Choose(0, 255), 4).Select(octets => octets.Select(octet => (byte)octet).ToArray());
        Prop.ForAll(addresses.ToArbitrary(), octets =>
        {
            var address = new IPAddress(octets).ToString();
            var reversed = string.Join('.', address.Split('.').Reverse());
            var padded = string.Concat(octets.Select(octet => octet.ToString("D3", CultureInfo.InvariantCulture)));
            var hex = Convert.ToHexString(octets);
            return new[]
            {
                $"{address}.isp.example", $"{reversed}.isp.example", $"ip-{address.Replace('.', '-')}.isp.example", $"h{reversed.Replace('.', '-')}.a.isp.example",
                $"host{padded}.isp.example", $"p{hex}.isp.example", $"x{Convert.ToHexStringLower([.. octets.Reverse()])}.isp.example",
                $"a{octets[3]}.b-{octets[0]}-{octets[1]}-{octets[2]}.isp.example",
            }.All(name => Explain(name, address) is not null);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_groups_of_any_IPv6_address_are_recognised()
    {
        var hosts = Gen.ArrayOf(Gen.Choose(1, 0xFFFF), 6).Select(groups => IPAddress.Parse("2001:db8:" + string.Join(':', groups.Select(group => group.ToString("x", CultureInfo.InvariantCulture)))));
        Prop.ForAll(hosts.ToArbitrary(), address =>
        {
            var nibbles = Convert.ToHexStringLower(address.GetAddressBytes());
            return new[]
            {
                $"{address.ToString().Replace(':', '-')}.isp.example", $"{nibbles}.isp.example", $"{string.Join('.', nibbles.Reverse())}.isp.example",
                $"n{string.Join('-', nibbles.Chunk(4).Select(chunk => new string(chunk)))}.isp.example",
            }.All(name => Explain(name, address.ToString()) is not null);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_chosen_name_is_seldom_taken_for_the_digits_of_whatever_address_has_it()
    {
        // What is a coincidence shows at addresses that have nothing to do with the name.
        var names = GenericNames.Chosen.Where(one => Explain(one.Name, one.Address) is null).Select(one => DomainName.Parse(one.Name)).ToList();
        var taken = 0;
        var asked = 0;
        for (var first = 11; first < 256; first += 7)
            for (var last = 0; last < 256; last += 5)
                foreach (var name in names)
                {
                    asked++;
                    taken += GenericName.Explain(name, new IPAddress([(byte)first, (byte)(first * 37), (byte)(last * 11), (byte)last])) is null ? 0 : 1;
                }

        output.WriteLine($"coincidences: {taken} of {asked}");
        Assert.InRange((double)taken / asked, 0, 0.0001);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("7.100.51.198.in-addr.arpa")]
    [InlineData("a\\.b.example")]
    [InlineData("\\255\\013\\010-7.example")]
    public void Any_name_can_be_asked_about(string name) => Assert.True(Explain(name, "203.0.113.5") is null or { Length: > 0 });

    private double Wrong(IReadOnlyList<(string Address, string Name)> names, bool isGeneric)
    {
        var wrong = names.Where(one => Explain(one.Name, one.Address) is not null != isGeneric).ToList();
        output.WriteLine($"{(isGeneric ? "generic, and not recognised" : "chosen, and taken for generic")}: {wrong.Count} of {names.Count} ({(double)wrong.Count / names.Count:P1})");
        foreach (var (address, name) in wrong)
            output.WriteLine($"  {address} {name}: {Explain(name, address) ?? "nothing"}");
        return (double)wrong.Count / names.Count;
    }

    private static string? Explain(string name, string address) => GenericName.Explain(DomainName.Parse(name), IPAddress.Parse(address));
}
