using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

public sealed class IprevResultTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1 PTR mail.example.com;mail.example.com A 192.0.2.1", "iprev=pass policy.iprev=192.0.2.1 (mail.example.com)")]
    [InlineData("2001:db8::1", "2001:db8::1 PTR a.example;a.example AAAA 2001:db8::1", "iprev=pass policy.iprev=\"2001:db8::1\" (a.example)")]
    [InlineData("192.0.2.1", "192.0.2.1 PTR liar.example", "iprev=fail policy.iprev=192.0.2.1 (no PTR name leads back)")]
    [InlineData("192.0.2.1", "", "iprev=permerror policy.iprev=192.0.2.1 (no PTR record)")]
    [InlineData("192.0.2.1", "192.0.2.1 PTR !Refused", "iprev=temperror policy.iprev=192.0.2.1 (the DNS did not answer)")]
    public async Task The_result_is_written_as_RFC_8601_wants_it(string address, string zone, string expected)
    {
        var facts = Scene.Facts(address, zone.Split(';', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(expected, IprevResult.Format(await facts.Client));
    }
}
