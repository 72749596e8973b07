using System.Text;

namespace Gateway.EndToEnd;

/// <summary>One Gateway that lets everybody in and writes down what it saw.</summary>
public sealed class ObservingSite : SharedSite
{
    private protected override Task<Site> StartAsync() => Site.StartAsync("observe");
}

/// <summary>What Gateway writes on top of a message, and what it takes away.</summary>
public sealed class TraceFields(ObservingSite shared) : IClassFixture<ObservingSite>
{
    private static readonly byte[] Content = GeneratedMail.Plain("plain", "hello\r\n").Content;

    [Fact]
    public async Task The_confirmed_name_stands_in_Received_and_the_verdict_in_Authentication_Results()
    {
        var arrived = await RelayAsync("127.1.0.31", Content);

        // On top stands the smart host's own; ours is the second.
        var received = arrived.Fields("Received")[1];
        Assert.StartsWith("from client.sender.test ", received, StringComparison.Ordinal);
        Assert.Contains(DnsServer.NameOf("127.1.0.31"), received, StringComparison.Ordinal);
        Assert.Contains("[127.1.0.31]", received, StringComparison.Ordinal);
        Assert.Contains("by mx.gw.test", received, StringComparison.Ordinal);
        var results = Assert.Single(arrived.Fields("Authentication-Results"));
        Assert.StartsWith("mx.gw.test;", results, StringComparison.Ordinal);
        Assert.Contains("iprev=pass", results, StringComparison.Ordinal);
        Assert.Contains("policy.iprev=127.1.0.31", results, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.77.0.31", "iprev=fail")]
    [InlineData("127.66.0.31", "iprev=permerror")]
    [InlineData("127.88.0.31", "iprev=temperror")]
    public async Task A_name_that_is_not_confirmed_is_unknown(string client, string verdict)
    {
        var arrived = await RelayAsync(client, Content);

        var received = arrived.Fields("Received")[1];
        Assert.Contains("unknown", received, StringComparison.Ordinal);
        Assert.Contains($"[{client}]", received, StringComparison.Ordinal);
        Assert.DoesNotContain(DnsServer.NameOf(client), received, StringComparison.Ordinal);
        Assert.Contains(verdict, Assert.Single(arrived.Fields("Authentication-Results")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exempt_private_client_is_let_in_without_a_name()
    {
        await using var site = await Site.StartAsync([new("strict")], c => c["Policy"]!["ExemptPrivate"] = true);
        await using var wire = await site.ConnectAsync("127.66.0.32");

        await wire.SendMailAsync("ann@sender.test", "exempt@gw.test", Content);

        var arrived = await site.SmartHost.ArrivedForAsync("exempt@gw.test");
        Assert.Contains("unknown", arrived.Fields("Received")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_in_our_name_are_removed_and_those_of_others_stay()
    {
        var forged = "Authentication-Results: mx.gw.test; iprev=pass policy.iprev=192.0.2.1 (forged)\r\n"
            + "Authentication-Results: mx.sender.test; spf=pass\r\n"
            + "authentication-results :\r\n MX.GW.TEST; dmarc=pass (forged)\r\n"
            + "AUTHENTICATION-RESULTS: (forged) mx.gw.test; dkim=pass\r\n";

        var arrived = await RelayAsync("127.1.0.33", [.. Encoding.ASCII.GetBytes(forged), .. Content]);

        var results = arrived.Fields("Authentication-Results");
        Assert.Equal(2, results.Count);
        Assert.StartsWith("mx.gw.test;", results[0], StringComparison.Ordinal);
        Assert.Equal("mx.sender.test; spf=pass", results[1]);
        Assert.DoesNotContain("forged", arrived.Text, StringComparison.Ordinal);
        Assert.EndsWith(Encoding.ASCII.GetString(Content).Replace("\r\n", "\n"), arrived.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_has_come_round_a_hundred_times_is_a_loop()
    {
        var site = await shared.SiteAsync();
        await using var wire = await site.ConnectAsync("127.1.0.34");
        var rounds = string.Concat(Enumerable.Repeat("Received: from mx.gw.test by mx.gw.test; Mon, 2 Mar 2026 09:00:00 +0000\r\n", 100));

        var reply = await wire.TrySendAsync("ann@sender.test", "loop@gw.test", (byte[])[.. Encoding.ASCII.GetBytes(rounds), .. Content]);

        Assert.True(reply.Begins("554 5.4.6 "), reply.Text);
    }

    private async Task<ArrivedMail> RelayAsync(string client, byte[] content)
    {
        var site = await shared.SiteAsync();
        var recipient = $"from-{client.Replace('.', '-')}@gw.test";
        await using var wire = await site.ConnectAsync(client);
        await wire.SendMailAsync("ann@sender.test", recipient, content);
        return await site.SmartHost.ArrivedForAsync(recipient);
    }
}
