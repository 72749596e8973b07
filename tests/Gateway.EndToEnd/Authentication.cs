using System.Text.Json.Nodes;

namespace Gateway.EndToEnd;

/// <summary>A Gateway with users, made by its own command, in front of a smart host that accepts mail for gw.test only.</summary>
public sealed class SiteWithUsers : SharedSite
{
    internal const string User = "ann@gw.test", Password = "correct horse battery";

    private readonly TempFolder _temp = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _temp.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<Site> StartAsync()
    {
        Tools.Require(Tools.Nsd, Tools.Postfix, Tools.Swaks, Tools.Python);
        var users = _temp.Path("users");
        using (var add = Tools.Start("dotnet", GatewayProcess.Program, "user", "add", User, "--file", users))
        {
            await add.StandardInput.WriteLineAsync(Password);
            await add.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(add.ExitCode == 0, await add.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }
        var certificate = TestCertificate.Write(_temp, "mx.gw.test");
        return await Site.StartAsync([new("standard")], configuration =>
        {
            configuration["Tls"] = new JsonObject { ["CertificateFile"] = certificate, ["KeyFile"] = certificate };
            configuration["Users"] = new JsonObject { ["File"] = users };
        });
    }
}

/// <summary>Real clients log in: swaks, Python and Postfix. All of them come from an address that strangers are refused from.</summary>
public sealed class Authentication(SiteWithUsers shared) : IClassFixture<SiteWithUsers>
{
    private const string NoPtr = "127.66.0.7";

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Swaks_logs_in_and_is_no_longer_judged(string mechanism)
    {
        var site = await shared.SiteAsync();
        var recipient = $"swaks-{mechanism.ToLowerInvariant()}@gw.test";
        var (exitCode, output) = await SwaksAsync(site, recipient, "--auth", mechanism, "--auth-user", SiteWithUsers.User, "--auth-password", SiteWithUsers.Password);

        Assert.True(exitCode == 0, output);
        Assert.Contains("235 2.7.0", output, StringComparison.Ordinal);
        var mail = await site.SmartHost.ArrivedForAsync(recipient);
        Assert.Contains("with ESMTPSA ", mail.Fields("Received")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_login_the_same_client_is_refused()
    {
        var (exitCode, output) = await SwaksAsync(await shared.SiteAsync(), "bob@gw.test");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("550 5.7.25", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_535_and_written_down_without_it()
    {
        var site = await shared.SiteAsync();
        var (exitCode, output) = await SwaksAsync(site, "bob@gw.test", "--auth", "PLAIN", "--auth-user", "swaks-guesser", "--auth-password", "hunter2hunter2");

        // swaks says 28 when it could not authenticate.
        Assert.Equal(28, exitCode);
        Assert.Contains("535 5.7.8", output, StringComparison.Ordinal);
        await Poll.UntilAsync("the failure is in the log", () => Task.FromResult(site.Gateway.Output.Contains("failed-logins=1 [\"swaks-guesser\"]", StringComparison.Ordinal)),
            () => site.Gateway.Output);
        Assert.DoesNotContain("hunter2", site.Gateway.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLAIN", SiteWithUsers.Password, "235 2.7.0")]
    [InlineData("LOGIN", SiteWithUsers.Password, "235 2.7.0")]
    [InlineData("PLAIN", "wrong", "535 5.7.8")]
    public async Task Python_logs_in(string mechanism, string password, string words)
    {
        var site = await shared.SiteAsync();
        var script = Path.Combine(AppContext.BaseDirectory, "Scripts", "login.py");
        var (_, output) = await Tools.RunAsync(Tools.Python, script, $"{site.Gateway.Port}", SiteWithUsers.User, password, mechanism, "python@gw.test");

        Assert.StartsWith(words, output, StringComparison.Ordinal);
        Assert.Equal(words[0] == '2', output.EndsWith("sent\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_real_Postfix_logs_in_and_relays()
    {
        var site = await shared.SiteAsync();
        await using var sender = await site.SenderAsync([NoPtr], tls: true, login: (SiteWithUsers.User, SiteWithUsers.Password));
        await sender.SubmitAsync(NoPtr, "postfix@gw.test", GeneratedMail.Plain("plain", "hello\r\n").Content);

        var mail = await site.SmartHost.ArrivedForAsync("postfix@gw.test");
        Assert.Contains("with ESMTPSA ", mail.Fields("Received")[1], StringComparison.Ordinal);
        // A foreign recipient is let through by Gateway; the smart host of this test is the one that has no use for it.
        await sender.SubmitAsync(NoPtr, "stranger@elsewhere.test", GeneratedMail.Plain("plain", "hello\r\n").Content);
        var (status, text) = await sender.Postfix.FateOfAsync("stranger@elsewhere.test");
        Assert.Equal("bounced", status);
        Assert.DoesNotContain("Unable to relay", text, StringComparison.Ordinal);
        Assert.Contains("Relay access denied", text, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> SwaksAsync(Site site, string recipient, params string[] more) => Tools.RunAsync(Tools.Swaks,
    [
        "--server", $"127.0.0.1:{site.Gateway.Port}", "--local-interface", NoPtr, "--helo", "laptop.example", "--from", SiteWithUsers.User, "--to", recipient, "--tls", .. more,
    ]);
}
