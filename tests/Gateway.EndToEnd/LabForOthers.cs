using Gateway.Dns;

namespace Gateway.EndToEnd;

/// <summary>The lab as other software uses it, and while it is told to change.</summary>
public sealed class LabForOthers
{
    [Fact]
    public async Task A_real_recursive_resolver_finds_what_is_there_and_never_takes_trouble_for_an_answer()
    {
        Tools.Require(Tools.Unbound);
        using var temp = new TempFolder();
        await using var lab = await LabProcess.StartAsync(temp);
        await using var unbound = await Unbound.StartAsync(temp, lab.DnsPort);

        Assert.Equal(DnsStatus.Found, (await unbound.AskAsync("127.0.0.10")).Status);
        Assert.Equal(DnsStatus.NameError, (await unbound.AskAsync("127.0.0.20")).Status);
        Assert.Equal(DnsStatus.NoData, (await unbound.AskAsync("127.0.0.21")).Status);
        Assert.Single((await unbound.AskAsync("127.0.0.60")).Aliases);
        Assert.Equal(40, (await unbound.AskAsync("127.0.0.61")).Records.Count);
        Assert.Equal(DnsStatus.Found, (await unbound.AskAsync("127.0.0.62")).Status);
        Assert.Equal(DnsStatus.Found, (await unbound.AskAsync("gmail.strict.test", RecordType.Mx)).Status);
        foreach (var client in new[] { "127.0.0.50", "127.0.0.52", "127.0.0.53", "127.0.0.59", "127.0.0.49" })
            Assert.True((await unbound.AskAsync(client)).IsTemporaryFailure, client);
    }

    [Fact]
    public async Task What_is_typed_changes_the_answers_for_the_gateway_and_for_others()
    {
        Tools.Require(Tools.Unbound, Tools.Python);
        using var temp = new TempFolder();
        await using var lab = await LabProcess.StartAsync(temp);
        await using var unbound = await Unbound.StartAsync(temp, lab.DnsPort);
        async Task<string> Send() => (await Tools.RunAsync(
            Tools.Python, Tools.Script("send_mail.py"), "127.0.0.1", $"{lab.ByRecipient}", "127.0.0.10", "ann@good.lab.test", "bob@gateway.test")).Output.Trim();

        Assert.Equal("accepted", await Send());
        Assert.Contains("fault set: 10.0.0.127.in-addr.arpa nxdomain", await lab.TypeAsync("fault 127.0.0.10 nxdomain"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.25 Reverse DNS required: no PTR record found for [127.0.0.10]", await Send(), StringComparison.Ordinal);
        Assert.Equal(DnsStatus.NameError, (await unbound.AskAsync("127.0.0.10")).Status);
        await lab.TypeAsync("fault 127.0.0.10 lame");
        Assert.StartsWith("451 4.7.25 ", await Send(), StringComparison.Ordinal);
        await lab.TypeAsync("fault 127.0.0.10 none");
        Assert.Equal("accepted", await Send());
        Assert.Equal(DnsStatus.Found, (await unbound.AskAsync("127.0.0.10")).Status);

        await lab.TypeAsync("smarthost RCPT <bob@gateway.test> 550 5.1.1 No such user here");
        Assert.StartsWith("550 5.1.1 No such user here", await Send(), StringComparison.Ordinal);
        Assert.Contains("is not a command; the commands are fault", await lab.TypeAsync("nonsense"), StringComparison.Ordinal);
        await lab.TypeAsync("quit");
        Assert.Equal(0, await lab.ExitCodeAsync());
    }

    [Fact]
    public async Task Without_input_the_lab_stays_open_and_reads_its_zones_again_when_they_change()
    {
        Tools.Require(Tools.Python);
        using var temp = new TempFolder();
        var zones = temp.Folder("zones");
        const string zone = "$TTL 1h\n@ SOA ns h 1 1h 15m 1w 5m\n@ NS ns\nns A 127.0.0.1\n";
        await File.WriteAllTextAsync($"{zones}/1.127.in-addr.arpa.zone", zone);
        await using var lab = await LabProcess.StartAsync(temp, "--zones", zones);
        lab.CloseInput();
        async Task<string> Send() => (await Tools.RunAsync(
            Tools.Python, Tools.Script("send_mail.py"), "127.0.0.1", $"{lab.ByRecipient}", "127.1.0.5", "ann@good.lab.test", "bob@gateway.test")).Output.Trim();

        Assert.StartsWith("550 5.7.25 ", await Send(), StringComparison.Ordinal);
        await File.WriteAllTextAsync($"{zones}/1.127.in-addr.arpa.zone", zone + "5.0 PTR mail.own.test.\n");
        await Poll.UntilAsync("the zones are read again", () => lab.Output.Contains("has read them again", StringComparison.Ordinal));
        Assert.Equal("accepted", await Send());
        await File.WriteAllTextAsync($"{zones}/1.127.in-addr.arpa.zone", zone + "5.0 POINTER mail.own.test.\n");
        await Poll.UntilAsync("the mistake is told", () => lab.Output.Contains("1.127.in-addr.arpa.zone:5: unknown type", StringComparison.Ordinal));
        Assert.Equal("accepted", await Send());
    }

    [Fact]
    public async Task The_labs_user_relays_over_tls_and_the_smart_host_follows_its_script()
    {
        Tools.Require(Tools.Swaks);
        using var temp = new TempFolder();
        await File.WriteAllTextAsync(temp.Path("script"), "# a comment\nRCPT <gone@gateway.test> 550 5.1.6 Moved away\n");
        await using var lab = await LabProcess.StartAsync(temp, "--smarthost", temp.Path("script"));
        string[] login = ["--tls", "--auth", "PLAIN", "--auth-user", "ann@gateway.test", "--auth-password"];
        Task<(int ExitCode, string Output)> Swaks(string client, string helo, string recipient, params string[] more) => Tools.RunAsync(Tools.Swaks,
            ["--server", "127.0.0.1", "--port", $"{lab.PortOf("strict")}", "--local-interface", client, "--ehlo", helo, "--from", "ann@gateway.test", "--to", recipient, .. more]);

        var relayed = await Swaks("127.0.0.20", "laptop", "relaytest@contoso.net", [.. login, "lab"]);
        var wrong = await Swaks("127.0.0.20", "laptop", "relaytest@contoso.net", [.. login, "wrong"]);
        var unknown = await Swaks("127.0.0.10", "mail.good.lab.test", "gone@gateway.test");

        Assert.Contains("250 2.0.0 Captured as ", relayed.Output, StringComparison.Ordinal);
        Assert.Contains("535 5.7.8 ", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("550 5.1.6 Moved away", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_Postfix_under_test_that_asks_the_labs_dns_judges_its_clients_by_it()
    {
        Tools.Require(Tools.Postfix, Tools.Unshare, Tools.Python);
        if ((await Tools.RunAsync(Tools.Unshare, "-n", "-m", "/bin/true")).ExitCode != 0)
            Assert.Skip("this system lets nobody have a network of his own, and the DNS of Postfix is on port 53 only");
        using var temp = new TempFolder();

        var (exitCode, output) = await Tools.RunAsync(
            Tools.Unshare, "-n", "-m", "/bin/bash", Tools.Script("postfix_asks_lab.sh"), GatewayProcess.Program, temp.Folder("namespace"));

        Assert.True(exitCode == 0, output);
        foreach (var expected in new[]
        {
            "127.0.0.10: accepted",
            "127.0.0.20: 550 5.7.25 Client host rejected: cannot find your hostname, [127.0.0.20]",
            "127.0.0.30: 550 5.7.25 Client host rejected: cannot find your hostname, [127.0.0.30]",
            "127.0.0.50: 450 4.7.25 Client host rejected: cannot find your hostname, [127.0.0.50]",
            "127.0.0.59: 450 4.7.25 Client host rejected: cannot find your hostname, [127.0.0.59]",
        })
            Assert.Contains(expected, output, StringComparison.Ordinal);
    }
}
