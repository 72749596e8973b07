namespace Gateway.Tests.Checking;

/// <summary>What is asked about, and with which configuration.</summary>
public sealed class CheckSubjectTests
{
    [Fact]
    public async Task A_host_name_is_asked_for_its_address_and_is_the_name_in_EHLO()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, error) = await dns.CheckAsync("mail.source.com", "--from", "user@source.com");

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("209.54.61.76 (mail.source.com) would be accepted", output, StringComparison.Ordinal);
        Assert.Matches("EHLO +mail\\.source\\.com\n", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_host_name_with_several_addresses_gives_a_summary_of_them()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, output, _) = await dns.CheckAsync("mail.good.lab.test");

        foreach (var address in new[] { "127.0.0.10", "192.0.2.10", "198.51.100.10", "203.0.113.10", "2001:db8::10" })
            Assert.Contains($"\n{address} ", $"\n{output.ReplaceLineEndings("\n")}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody.lab.test", 64, "nobody.lab.test does not exist in the DNS, so it has no address to check")]
    [InlineData("good2.example.org", 64, "good2.example.org does not exist in the DNS")]
    [InlineData("no-address.lab.test", 64, "no-address.lab.test has no address in the DNS. Type another name, or the address")]
    [InlineData("badmx.lab.test", 64, "Its MX record names missing.lab.test: check that host")]
    [InlineData("servfail.lab.test", 2, "could not look up the addresses of servfail.lab.test")]
    public async Task A_host_name_without_an_address_is_told(string name, int expected, string words)
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, error) = await dns.CheckAsync(name);

        Assert.True(expected == code, error);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task An_assumed_record_gives_a_host_name_its_address()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, output, _) = await dns.CheckAsync("new.source.com", "--assume", "new.source.com. A 209.54.61.77");

        Assert.StartsWith("209.54.61.77 (new.source.com) would be refused", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_may_hold_host_names()
    {
        await using var dns = await CheckedDns.StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "192.0.2.10\nmail.source.com\n", TestContext.Current.CancellationToken);

        var (_, output, _) = await dns.CheckAsync("--file", file);
        File.Delete(file);

        Assert.Contains("\n209.54.61.76 ", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_counts_without_a_configuration_file()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, error) = await CheckedDns.RunAsync("check", "209.54.61.76", "--set", $"Dns:Servers:0={dns.EndPoint}");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"DNS     {dns.EndPoint}", output, StringComparison.Ordinal);
        Assert.NotEmpty(dns.Questions);
    }

    [Theory]
    [InlineData("Dns:Server:0=127.0.0.1", "Dns.Server")]
    [InlineData("Nonsense=1", "Nonsense")]
    [InlineData("Dns:Servers:0=ns.example", "Dns.Servers")]
    public async Task A_setting_that_nothing_knows_is_an_error(string setting, string path)
    {
        var (code, output, error) = await CheckedDns.RunAsync("check", "192.0.2.1", "--set", setting);

        Assert.Equal((78, ""), (code, output));
        Assert.Contains(path, error, StringComparison.Ordinal);
    }
}
