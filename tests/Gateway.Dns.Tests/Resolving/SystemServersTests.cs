namespace Gateway.Dns.Tests;

public sealed class SystemServersTests
{
    public static TheoryData<string, string, string> Files => new()
    {
        { "nameserver 192.0.2.1\nnameserver 2001:db8::1\n", "192.0.2.1:53 [2001:db8::1]:53", "in order, both families" },
        { "nameserver\t192.0.2.1   # the first\r\n", "192.0.2.1:53", "tabs, comments and CRLF" },
        { "# nameserver 192.0.2.1\n;nameserver 192.0.2.2\n", "", "comments" },
        { " nameserver 192.0.2.1\n", "", "resolv.conf(5): the keyword starts the line" },
        { "nameservers 192.0.2.1\nnameserver192.0.2.1\nnameserver\n", "", "other words" },
        { "nameserver not-an-address\nnameserver 192.0.2.1", "192.0.2.1:53", "what cannot be read is skipped; no final newline" },
        { "nameserver 192.0.2.1\nnameserver 192.0.2.1\n", "192.0.2.1:53", "once is enough" },
        { "nameserver fe80::1%2\n", "[fe80::1%2]:53", "a scope" },
        { "nameserver fec0:0:0:ffff::1\n", "", "a placeholder of Windows" },
        { "search example.com\noptions edns0 trust-ad\n", "", "none named" },
        { "", "", "empty" },
    };

    [Theory, MemberData(nameof(Files))]
    public void Nameserver_lines_are_read_in_order(string file, string expected, string reason) =>
        Assert.True(string.Join(' ', SystemServers.Parse(file)) == expected, reason);

    [Fact]
    public void There_is_always_a_server_to_ask() => Assert.NotEmpty(SystemServers.Read());
}
