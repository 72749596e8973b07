using System.Net;
using Gateway.Commands;
using Gateway.Lab.Conversations;
using Gateway.Lab.Hosting;
using Gateway.Lab.Screens;
using Gateway.Lab.SmartHosts;
using Gateway.Tests.Commands;

namespace Gateway.Tests.Playing;

/// <summary>What is played against a server that runs, and what is not.</summary>
public sealed class PlayElsewhereTests
{
    private const string Short = "# Good bye\nS: 220 …\nC: QUIT\nS: 221 2.0.0 …\n@closed\n";

    [Theory]
    [InlineData("@fault good.lab.test servfail", "it needs @fault, which cannot be set on a server elsewhere")]
    [InlineData("@zone root", "it needs @zone, which")]
    [InlineData("@record a.test. A 192.0.2.1", "it needs @record, which")]
    [InlineData("@smarthost down", "it needs @smarthost, which")]
    [InlineData("@smarthost unix serves a.test", "it needs @smarthost, which")]
    [InlineData("@config HostName = a.test\n@config Relay:AcceptedDomains:0 = b.test\n@config Limits:Recipients = 1", "it needs @config Limits:Recipients, which")]
    [InlineData("@advance 00:00:01", "it needs @advance, which")]
    [InlineData("@profile gmail", "it is for a receiver with profile gmail, but this server has the profile standard (--profile)")]
    public async Task What_a_running_server_cannot_be_told_is_not_played_and_the_reason_is_said(string circumstance, string reason)
    {
        await using var smartHost = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), null, TimeProvider.System);
        await using var gateway = await RunningGateway.StartAsync(smartHost.Endpoint);
        using var folder = new ScratchFolder();
        folder.Write("a.smtp", Short.Replace("\nS: 220", $"\n{circumstance}\nS: 220", StringComparison.Ordinal));

        var (nothing, _, _) = await CommandRun.PlayAsync(folder.Path, "--to", gateway.Endpoint.ToString());
        folder.Write("b.smtp", "# Any name\n@config HostName = some.test\nS: 220 some.test ESMTP…\nC: QUIT\nS: 221 2.0.0 some.test …\n@closed\n");
        var (code, output, _) = await CommandRun.PlayAsync(folder.Path, "--to", gateway.Endpoint.ToString());

        Assert.Equal((2, 0), (nothing, code));
        Assert.Contains($"  Not played: {reason}", output.Replace("\n  ", " ", StringComparison.Ordinal).Replace(" Not", "  Not", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("2 conversations: 1 not played, 1 as written, 0 differ.\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy", false, "perhaps the listener requires no PROXY header (then leave --via out)")]
    [InlineData("proxy-v1", false, "perhaps the listener requires no PROXY header (then leave --via out)")]
    [InlineData("auto", true, "if the listener requires a PROXY header, type --via proxy")]
    [InlineData("proxy", true, null)]
    [InlineData("auto", false, null)]
    public async Task A_port_that_wants_a_PROXY_header_or_none_is_told_by_what_to_type(string way, bool isProxied, string? hint)
    {
        using var folder = new ScratchFolder();
        using var screen = new StringWriter();
        await using var lab = await LabHost.StartAsync(
            new() { CaptureFolder = folder.Path, Port = 0, Dns = new(IPAddress.Loopback, 0) }, new LabScreen(Terminal.Create(screen)), TestContext.Current.CancellationToken);
        var file = folder.Write("a.smtp", Short);
        string[] line = [file, "--to", (isProxied ? lab.Places.Proxied : lab.Places.ByRecipient).ToString(), "--via", way, "--patience", hint is null ? "30" : "1"];

        var (code, output, _) = await CommandRun.PlayAsync(line);
        Assert.Equal(hint is null ? 0 : 1, code);
        if (hint is null)
            return;
        Assert.Contains($"  hint      {hint}", output, StringComparison.Ordinal);
        var (_, json, _) = await CommandRun.PlayAsync([.. line, "--json"]);
        Assert.Contains($"\"hint\":\"{hint}", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_row_of_the_articles_that_an_open_lab_can_be_told_is_played_there_as_written()
    {
        using var captured = new ScratchFolder();
        using var screen = new StringWriter();
        await using var lab = await LabHost.StartAsync(
            new() { CaptureFolder = captured.Path, Port = 0, Dns = new(IPAddress.Loopback, 0) }, new LabScreen(Terminal.Create(screen)), TestContext.Current.CancellationToken);
        var files = new[] { "kb300171", "kb895853" }.SelectMany(name => Directory.GetFiles(Path.Combine(Repository.Root, "tests", "Conversations", name), "*.smtp"));
        var played = 0;
        foreach (var profile in ConversationFiles.Read(files).GroupBy(conversation => conversation.Setting.Profile))
        {
            if (lab.Places.Profiles.FirstOrDefault(listener => listener.Profile == profile.Key) is not { } place)
                continue;
            var (code, output, _) = await CommandRun.PlayAsync([.. profile.Select(conversation => conversation.Path), "--to", place.Endpoint.ToString(), "--profile", profile.Key]);
            Assert.True(code == 0, output);
            played += output.Split("\n  As written.").Length - 1;
        }
        Assert.InRange(played, 60, 200);
    }
}
