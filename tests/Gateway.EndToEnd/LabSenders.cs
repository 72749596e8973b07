namespace Gateway.EndToEnd;

/// <summary>One lab for all tests that do not change it, and one Postfix that sends to it.</summary>
public sealed class OpenLab : IAsyncDisposable
{
    private readonly TempFolder _temp = new();
    private readonly OnDemand<LabProcess> _lab;
    private readonly OnDemand<OutboundPostfix> _postfix;

    public OpenLab()
    {
        _lab = new(() => LabProcess.StartAsync(_temp));
        _postfix = new(StartPostfixAsync);
    }

    internal Task<LabProcess> LabAsync() => _lab.GetAsync();

    /// <summary>Its mail goes to the listener for all; that for PROFILE@gateway.test to the profile's own port.</summary>
    internal Task<OutboundPostfix> PostfixAsync() => _postfix.GetAsync();

    private async Task<OutboundPostfix> StartPostfixAsync()
    {
        var lab = await LabAsync();
        var clients = LabSenders.Refusals.Select(static row => row.Data.Item1).Distinct().ToArray();
        var routes = LabSenders.Refusals.Select(row => (
            Recipient: $"{row.Data.Item3}@gateway.test", Client: row.Data.Item1, Port: lab.PortOf(row.Data.Item3))).ToArray();
        return await OutboundPostfix.StartAsync(_temp, lab.ByRecipient, clients, routes: routes);
    }

    public async ValueTask DisposeAsync()
    {
        await _postfix.DisposeAsync();
        await _lab.DisposeAsync();
        _temp.Dispose();
    }
}

/// <summary>Real senders against the lab: each hears the words of the receiver, on its own port and where the recipient names it.</summary>
public sealed class LabSenders(OpenLab shared) : IClassFixture<OpenLab>
{
    private const string NoPtr = "127.0.0.20", Good = "127.0.0.10";
    private const string Ann = "ann@good.lab.test", Nobody = "ann@nxdomain.lab.test";

    /// <summary>Client, sender, profile, and the last line of what it says.</summary>
    public static TheoryData<string, string, string, string> Refusals => new()
    {
        { NoPtr, Ann, "standard", "550 5.7.25 Reverse DNS required: no PTR record found for [127.0.0.20]" },
        { NoPtr, Ann, "aol-2006", "(RTR:BB) http://postmaster.info.aol.com/errors/554rtrbb.html" },
        { NoPtr, Ann, "gmx", "For explanation visit https://www.gmx.net/mail/senderguidelines?ip=127.0.0.20&c=rdns" },
        { NoPtr, Ann, "gmail", "550" },
        { Good, Nobody, "postfix", "<ann@nxdomain.lab.test>: Sender address rejected: Domain not found" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task Swaks_hears_the_words_of_the_profile(string client, string sender, string profile, string words) =>
        await HearsAsync(profile, words, (port, recipient) => Tools.RunAsync(Tools.Swaks,
            "--server", "127.0.0.1", "--port", $"{port}", "--local-interface", client, "--ehlo", "client.good.lab.test", "--from", sender, "--to", recipient));

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_script_with_smtplib_hears_the_words_of_the_profile(string client, string sender, string profile, string words) =>
        await HearsAsync(profile, words, (port, recipient) => Tools.RunAsync(Tools.Python, Tools.Script("send_mail.py"), "127.0.0.1", $"{port}", client, sender, recipient));

    [Theory, MemberData(nameof(Refusals))]
    public async Task Nodemailer_hears_the_words_of_the_profile(string client, string sender, string profile, string words) =>
        await HearsAsync(profile, words, (port, recipient) => NodemailerAsync(port, client, sender, recipient));

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_real_Postfix_hears_the_words_of_the_profile(string client, string sender, string profile, string words)
    {
        Tools.Require(Tools.Postfix);
        var postfix = await shared.PostfixAsync();
        // It names the sender that says from where it is to send, and folds lines into one.
        words = words.Replace("<ann@", $"<{OutboundPostfix.SenderFrom(client).Split('@')[0]}@", StringComparison.Ordinal);
        foreach (var recipient in new[] { $"{profile}@gateway.test", $"bob@{profile}.strict.test" })
        {
            await postfix.SubmitAsync(client, recipient, GeneratedMail.Plain("plain", "hello\r\n").Content, sender.Split('@')[1]);
            Assert.Contains(words, (await postfix.Postfix.FateOfAsync(recipient)).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Everybody_is_accepted_by_who_accepts_also_over_tls_and_the_message_lies_in_the_folder()
    {
        Tools.Require(Tools.Swaks, Tools.Python);
        var lab = await shared.LabAsync();
        string[] from = ["--local-interface", Good, "--ehlo", "client.good.lab.test", "--from", Ann];

        var swaks = await Tools.RunAsync(Tools.Swaks, ["--server", "127.0.0.1", "--port", $"{lab.ByRecipient}", "--tls", "--to", "tls@gmx.strict.test", .. from]);
        var script = await Tools.RunAsync(Tools.Python, Tools.Script("send_mail.py"), "127.0.0.1", $"{lab.PortOf("strict")}", Good, Ann, "bob@gateway.test");

        Assert.True(swaks.ExitCode == 0, swaks.Output);
        Assert.Contains("TLS started with cipher TLSv1.3", swaks.Output, StringComparison.Ordinal);
        Assert.Contains("250 2.0.0 Captured as ", swaks.Output, StringComparison.Ordinal);
        Assert.Equal("accepted", script.Output.Trim());
        Assert.Contains(Directory.GetFiles(lab.Folder, "*.json"), file => File.ReadAllText(file).Contains("tls@gmx.strict.test", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_proxy_and_xclient_make_any_client_of_this_machine()
    {
        Tools.Require(Tools.Swaks);
        var lab = await shared.LabAsync();

        var proxied = await Tools.RunAsync(Tools.Swaks, "--server", "127.0.0.1", "--port", $"{lab.Proxied}", "--from", Ann, "--to", "bob@gateway.test",
            "--proxy-version", "1", "--proxy-family", "TCP4", "--proxy-source", "192.0.2.20", "--proxy-source-port", "40000", "--proxy-dest", "192.0.2.1", "--proxy-dest-port", "25");
        var claimed = await Tools.RunAsync(Tools.Swaks, "--server", "127.0.0.1", "--port", $"{lab.ByRecipient}", "--from", Ann, "--to", "bob@mail-ru.strict.test",
            "--xclient", "ADDR=209.54.61.77 NAME=[UNAVAILABLE]");

        Assert.Contains("no PTR record found for [192.0.2.20]", proxied.Output, StringComparison.Ordinal);
        Assert.Contains("209.54.61.77", claimed.Output, StringComparison.Ordinal);
        Assert.Contains(" 550 ", claimed.Output, StringComparison.Ordinal);
    }

    /// <summary>On the profile's own port, and on the listener where the recipient's domain names the profile.</summary>
    private async Task HearsAsync(string profile, string words, Func<int, string, Task<(int ExitCode, string Output)>> sendAsync)
    {
        Tools.Require(Tools.Swaks, Tools.Python);
        var lab = await shared.LabAsync();

        var own = await sendAsync(lab.PortOf(profile), "bob@gateway.test");
        var named = await sendAsync(lab.ByRecipient, $"bob@{profile}.strict.test");

        Assert.Contains(words, own.Output, StringComparison.Ordinal);
        Assert.Contains(words, named.Output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> NodemailerAsync(int port, string client, string sender, string recipient)
    {
        Tools.Require(Tools.Node, $"{Tools.NodeModules}/nodemailer/package.json");
        return Tools.RunAsync("/usr/bin/env", $"NODE_PATH={Tools.NodeModules}", Tools.Node, Tools.Script("send_mail.js"), "127.0.0.1", $"{port}", client, sender, recipient);
    }
}
