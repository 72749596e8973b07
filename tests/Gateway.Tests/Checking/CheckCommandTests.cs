using Gateway.Server.Configuration;

namespace Gateway.Tests.Checking;

public sealed class CheckCommandTests
{
    private const string Reverse = "76.61.54.209.in-addr.arpa";

    private static readonly string[] Sender = ["209.54.61.76", "--helo", "mail.source.com", "--from", "user@source.com", "--to", "user@destinationdomain.com"];

    [Fact]
    public async Task After_the_cure_of_KB300171_every_receiver_accepts_and_there_is_nothing_to_do()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, error) = await dns.CheckAsync(Sender);

        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^209\\.54\\.61\\.76 would be accepted by all [0-9]+ receivers of today\\.", output);
        Assert.DoesNotContain("  refuse  ", output, StringComparison.Ordinal);
        Assert.Contains("ok  source.com. MX 10 mail.source.com.", output, StringComparison.Ordinal);
        Assert.Contains("ok  mail.source.com. A 209.54.61.76", output, StringComparison.Ordinal);
        Assert.Contains("ok  76.61.54.209.in-addr.arpa. PTR mail.source.com.", output, StringComparison.Ordinal);
        Assert.Contains("209.54.61.76 has the name mail.source.com, a host in source.com", output, StringComparison.Ordinal);
        Assert.EndsWith("Nothing needs to change.", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_cure_strict_receivers_refuse_and_the_record_is_advised()
    {
        await using var dns = await CheckedDns.StartAsync($"{Reverse} nxdomain");

        var (code, output, error) = await dns.CheckAsync(Sender);

        Assert.Equal((1, ""), (code, error));
        Assert.Contains("  PTR  76.61.54.209.in-addr.arpa  no such name (NXDOMAIN)", output, StringComparison.Ordinal);
        Assert.Matches("fails +require-ptr", output);
        Assert.Matches(@"refuse  gmx +in the greeting", output);
        Assert.Contains("554-Bad DNS PTR resource record.", output, StringComparison.Ordinal);
        Assert.Matches(@"accept  [a-z, -]*exchange-online", output);
        Assert.Contains("  76.61.54.209.in-addr.arpa. PTR mail.source.com.\n      must be published by the owner of the address 209.54.61.76: usually your\n",
            output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receivers_that_say_the_same_stand_together_above_their_words()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, output, _) = await dns.CheckAsync("192.0.2.20", "--profile", "strict,aol-2006,ptr");

        Assert.Matches(
            @"  refuse  aol-2006 .*\n      554 .*\n  refuse  ptr .*\n  refuse  strict .*\n      550 5\.7\.25 .*\n          ",
            output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Before_the_cure_the_assumed_record_shows_everybody_accepting()
    {
        await using var dns = await CheckedDns.StartAsync($"{Reverse} nxdomain");

        var (code, output, error) = await dns.CheckAsync([.. Sender, "--details", "--assume", "76.61.54.209.in-addr.arpa. PTR mail.source.com."]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("assumed    76.61.54.209.in-addr.arpa PTR mail.source.com", output, StringComparison.Ordinal);
        Assert.Contains("(assumed) mail.source.com", output, StringComparison.Ordinal);
        Assert.DoesNotContain("  refuse  ", output, StringComparison.Ordinal);
        Assert.DoesNotContain(dns.Questions, question => question.Name.ToString() == Reverse);
    }

    [Theory]
    [InlineData("209.54.61.76 --profile all", 0, "everybody accepts")]
    [InlineData("192.0.2.20 --profile observe", 0, "who refuses nobody accepts")]
    [InlineData("192.0.2.20", 1, "no PTR: somebody refuses")]
    [InlineData("192.0.2.30 --profile aol-2006", 0, "AOL asks for no name that leads back")]
    [InlineData("192.0.2.30 --profile aol-2006,fcrdns", 1, "another one does")]
    [InlineData("::ffff:192.0.2.20 --profile ptr", 1, "an IPv4-mapped address is the IPv4 address")]
    [InlineData("2001:db8::20 --profile ptr", 1, "IPv6 without PTR")]
    [InlineData("2001:db8::10 --profile strict", 0, "IPv6 with PTR")]
    [InlineData("192.0.2.50 --profile ptr", 2, "the DNS failed, so it defers")]
    [InlineData("192.0.2.50 --profile observe", 2, "nobody minds, but nothing is known")]
    [InlineData("192.0.2.50 --profile postfix,ptr --from a@nxdomain.lab.test", 1, "one defers, one refuses: that is a no")]
    [InlineData("209.54.61.76 --profile strict --from a@servfail.lab.test", 2, "the sender's domain cannot be looked up")]
    [InlineData("209.54.61.76 --profile postfix --from a@nxdomain.lab.test", 1, "the sender's domain does not exist")]
    [InlineData("192.0.2.20 192.0.2.50 --profile ptr", 1, "of several, a no is a no")]
    [InlineData("192.0.2.10 192.0.2.50 --profile ptr", 2, "what is open stays open")]
    [InlineData("192.0.2.10 192.0.2.11 --profile ptr", 0, "all are accepted")]
    [InlineData("192.0.2.20 --to postmaster@receiver.example --profile ptr", 0, "postmaster is exempt (RFC 5321 §4.5.1)")]
    public async Task The_exit_code_says_yes_no_or_could_not_say(string line, int expected, string reason)
    {
        await using var dns = await CheckedDns.StartAsync();
        var (code, output, _) = await dns.CheckAsync(line.Split(' '));
        Assert.True(expected == code, $"{reason}: {code}\n{output}");
    }

    [Theory]
    [InlineData("check", "the address is missing: after \"gateway check\", type an address such as 203.0.113.5", "nothing asked")]
    [InlineData("check|192.0.2.0/24", "is a network: type one of its addresses", "a network")]
    [InlineData("check|10.1", "\"10.1\" is neither an address nor a host name", "half an address")]
    [InlineData("check|fe80::1%eth0", "is neither an address nor a host name", "a zone index")]
    [InlineData("check|mail server", "is neither an address nor a host name", "a name that no host has")]
    [InlineData("check|ann@example.org", "is a mail address: type it after --from, and check an address", "a mailbox")]
    [InlineData("check|192.0.2.1|--era|06", "--era \"06\" is not a year: type one such as 2006", "no year")]
    [InlineData("check|192.0.2.1|--era|1985", "no profile describes a receiver of 1985", "a year without receivers")]
    [InlineData("check|192.0.2.1|--era|2006|--profile|ptr", "type only one of them", "two choices")]
    [InlineData("check|--frm|192.0.2.1", "\"--frm\" is not an option of this command", "a typing error")]
    [InlineData("check|192.0.2.1|--from|ann", "--from \"ann\" is not a sender address: type one such as user@example.com", "no domain")]
    [InlineData("check|192.0.2.1|--to|bob@", "--to \"bob@\" is not a mail address", "half a mailbox")]
    [InlineData("check|192.0.2.1|--helo|two words", "--helo \"two words\" cannot stand in EHLO", "no name")]
    [InlineData("check|192.0.2.1|--dns|ns.example", "--dns \"ns.example\" is not the address of a DNS server", "a name of a server")]
    [InlineData("check|192.0.2.1|--profile|lax", "no profile is called \"lax\"; \"gateway profiles\" lists all", "no such receiver")]
    [InlineData("check|192.0.2.1|--profile|gmial", "no profile is called \"gmial\" (did you mean \"gmail\"?)", "a slip")]
    [InlineData("check|192.0.2.1|--assume|mail.example. A 1.2.3", "--assume \"mail.example. A 1.2.3\" is not a DNS record: \"1.2.3\" is not an IPv4 address. Type one line of a zone file", "no record")]
    [InlineData("check|192.0.2.1|--assume|a.example. CNAME b.example.|--assume|a.example. A 192.0.2.1", "has a CNAME and other records", "two at odds")]
    [InlineData("check|--file|/nowhere/addresses", "--file: ", "no such file")]
    public async Task Wrong_use_is_64_and_says_what_to_type(string line, string expected, string reason)
    {
        var (code, output, error) = await CheckedDns.RunAsync(line.Split('|'));
        Assert.True(code == 64, $"{reason}: {code}");
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.EndsWith("Type \"gateway check --help\" for more.", error.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task All_receivers_together_take_one_set_of_look_ups()
    {
        await using var dns = await CheckedDns.StartAsync();

        await dns.CheckAsync([.. Sender, "--profile", "all"]);

        var asked = dns.Questions.Select(question => $"{question.Type} {question.Name}").ToList();
        Assert.Equal(asked.Distinct(), asked);
        Assert.Contains($"Ptr {Reverse}", asked);
        Assert.Contains("Mx source.com", asked);
        Assert.True(ProfileLibrary.Load(null).Profiles.Count() > asked.Count, "more receivers than questions");
    }

    [Fact]
    public async Task A_private_address_cannot_be_judged_and_the_advice_is_the_outside_one()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, _) = await dns.CheckAsync("10.10.10.1", "--profile", "ptr");

        Assert.Equal(2, code);
        var words = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("10.10.10.1 cannot be checked: 10.10.10.1 is private (10.0.0.0/8), so no receiver on the Internet ever sees it.", words, StringComparison.Ordinal);
        Assert.DoesNotContain("refuse", words, StringComparison.Ordinal);
        Assert.Contains("Receivers see the public address of your firewall or provider", words, StringComparison.Ordinal);
        Assert.DoesNotContain("in-addr.arpa. PTR", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_addresses_gives_a_summary_in_its_order()
    {
        await using var dns = await CheckedDns.StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# our servers\n192.0.2.20 # the new one\n\n  209.54.61.76\n2001:db8::10\n192.0.2.50\n", TestContext.Current.CancellationToken);

        var (code, output, error) = await dns.CheckAsync("--file", file, "--profile", "ptr,strict");
        File.Delete(file);

        Assert.Equal((1, ""), (code, error));
        var rows = output.ReplaceLineEndings("\n").Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => cells.Length == 6 && System.Net.IPAddress.TryParse(cells[0], out _)).Select(cells => string.Join(' ', cells)).ToList();
        Assert.Equal(
        [
            "192.0.2.20 permerror 0 0 2 -",
            "209.54.61.76 pass 2 0 0 mail.source.com",
            "2001:db8::10 pass 2 0 0 mail.good.lab.test",
            "192.0.2.50 temperror 0 2 0 -",
        ], rows);
        Assert.Contains("\n    192.0.2.20 has no PTR record: 20.2.0.192.in-addr.arpa does not exist\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.EndsWith("\n2 of 4 addresses would be accepted by every receiver, 1 would be refused by at \nleast one.", output.TrimEnd().ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task Mistakes_in_a_file_are_named_with_their_lines()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "192.0.2.1\nmail@example.com\n192.0.2\n", TestContext.Current.CancellationToken);

        var (code, _, error) = await CheckedDns.RunAsync("check", "--file", file);
        File.Delete(file);

        Assert.Equal(64, code);
        Assert.Contains($"{file}:2: \"mail@example.com\" is a mail address", error, StringComparison.Ordinal);
        Assert.Contains($"{file}:3: \"192.0.2\" is neither an address nor a host name", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_and_profiles_may_come_from_a_configuration()
    {
        await using var dns = await CheckedDns.StartAsync();
        var folder = Directory.CreateTempSubdirectory("gateway-check-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "picky.json"),
            """{ "summary": "Ours.", "checks": { "require-fcrdns": { "mode": "Enforce", "reply": { "code": 571, "text": "No thanks, [{ip}]" } } } }""",
            TestContext.Current.CancellationToken);
        string[] settings = ["--set", $"Dns:Servers:0={dns.EndPoint}", "--set", $"Policy:ProfilesFolder={folder.FullName}"];

        var (code, output, error) = await CheckedDns.RunAsync(
            ["check", "192.0.2.30", "--config", Path.Combine(Repository.Root, "config", "gateway.json"), "--profile", "picky", .. settings]);
        folder.Delete(recursive: true);

        Assert.Equal((1, ""), (code, error));
        Assert.Contains("571 5.7.25 No thanks, [192.0.2.30]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_line_is_wider_than_the_terminal_unless_it_is_to_be_copied_and_nothing_hostile_is_shown_raw()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, output, _) = await dns.CheckAsync("192.0.2.63", "--from", "ann@good.lab.test");
        var (_, wide, _) = await dns.CheckAsync("2001:db8::20");

        Assert.All(output.ReplaceLineEndings("\n").Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.All(wide.ReplaceLineEndings("\n").Split('\n'), line => Assert.True(line.Length <= 80 || line.Contains("ip6.arpa", StringComparison.Ordinal), line));
        Assert.DoesNotContain(output.ReplaceLineEndings(""), character => character is < ' ' or > '~');
    }
}
