using System.Text;
using Gateway.Policy.Profiles;

namespace Gateway.Policy.Tests;

public sealed class BuiltInProfilesTests
{
    public static TheoryData<string> Files => [.. BuiltInProfiles.Files.Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_of_the_folder_is_a_profile(string file)
    {
        var reading = BuiltInProfiles.ReadFile(BuiltInProfiles.Files.Single(path => Path.GetFileName(path) == file));

        Assert.Empty(reading.Errors);
        Assert.NotNull(reading.Profile);
    }

    [Fact]
    public void Our_own_profiles_are_there()
    {
        Assert.Superset(new HashSet<string> { "observe", "ptr", "fcrdns", "standard", "strict", "aol-2006" },
            BuiltInProfiles.All.Select(profile => profile.Name).ToHashSet());
    }

    [Fact]
    public void Every_profile_but_our_own_says_what_it_stands_for_and_where_that_is_known_from()
    {
        Assert.All(BuiltInProfiles.All, profile => Assert.Equal(profile.Source is null, profile.Group == ProfileGroup.Own));
    }

    [Fact]
    public void Every_receiver_keeps_the_time_that_it_is_known_from()
    {
        Assert.All(BuiltInProfiles.All.Where(profile => profile.Group != ProfileGroup.Own), profile => Assert.False(string.IsNullOrEmpty(profile.Since), profile.Name));
    }

    [Fact]
    public void The_receivers_of_today_are_those_without_a_last_year()
    {
        var today = BuiltInProfiles.All.Where(profile => profile.Group == ProfileGroup.Receiver && profile.Years.IsToday).Select(profile => profile.Name).ToList();

        Assert.Superset(new HashSet<string> { "gmail", "gmx", "yahoo", "exchange-online" }, today.ToHashSet());
        Assert.DoesNotContain("aol-2006", today);
        Assert.DoesNotContain("kb300171", today);
    }

    [Fact]
    public void Observe_enforces_nothing()
    {
        Assert.All(BuiltInProfiles.Named("observe").Checks, rule => Assert.Equal((CheckMode.Monitor, CheckMode.Monitor), (rule.IPv4, rule.IPv6)));
    }

    [Theory]
    [InlineData("aol-2006", "rly-ya06.mx.aol.com",
        "220-rly-ya06.mx.aol.com ESMTP mail_relay_in-ya6.3; Fri, 20 Jan 2006 22:15:42 -0500\r\n"
        + "220-America Online (AOL) and its affiliated companies do not\r\n"
        + "220- authorize the use of its proprietary computers and computer\r\n"
        + "220- networks to accept, transmit, or distribute unsolicited bulk\r\n"
        + "220- e-mail sent from the internet. Effective immediately: AOL\r\n"
        + "220- may no longer accept connections from IP addresses which\r\n"
        + "220 have no reverse-DNS (PTR record) assigned.\r\n")]
    [InlineData("aol-2003", "mtaig-mcb01.mx.aol.com",
        "220-mtaig-mcb01.mx.aol.com ESMTP Internet Inbound\r\n"
        + "220-AOL and its affiliated companies do not\r\n"
        + "220-authorize the use of its proprietary computers and computer\r\n"
        + "220-networks to accept, transmit, or distribute unsolicited bulk\r\n"
        + "220-e-mail sent from the internet.\r\n"
        + "220-Effective immediately:\r\n"
        + "220-AOL may no longer accept connections from IP addresses\r\n"
        + "220 which no do not have reverse-DNS (PTR records) assigned.\r\n")]
    public void AOL_greets_in_the_words_of_each_year_octet_by_octet(string profile, string host, string greeting)
    {
        var context = Scene.Context with { Host = host, Started = new(2006, 1, 20, 22, 15, 42, TimeSpan.FromHours(-5)) };

        var said = Scene.Engine(BuiltInProfiles.Named(profile)).Welcome(Scene.Facts("192.0.2.1"), context)!;

        Assert.Equal(greeting, Encoding.ASCII.GetString(said.Wire.Span));
    }

    [Fact]
    public void A_profile_without_a_greeting_leaves_it_to_the_server()
    {
        Assert.Null(Scene.Engine(BuiltInProfiles.Named("standard")).Welcome(Scene.Facts("192.0.2.1"), Scene.Context));
    }
}
