using System.Text.Json;
using Gateway.Server.Checking;

namespace Gateway.Tests.Checking;

/// <summary>KB895853: find out on which block lists a server is, and how it is taken off each.</summary>
public sealed class CheckListsTests
{
    [Fact]
    public async Task No_list_is_asked_unless_that_is_wanted()
    {
        await using var dns = await CheckedDns.StartAsync();

        await dns.CheckAsync("192.0.2.70");

        Assert.DoesNotContain(dns.Questions, question => question.Name.ToString().Contains("spamhaus", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_has_the_address_is_a_no_with_its_own_words()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, error) = await dns.CheckAsync("192.0.2.70", "--list", "bl.lab.test", "--profile", "observe");

        Assert.Equal((1, ""), (code, error));
        Assert.StartsWith("192.0.2.70 would be accepted by the receiver. It is on the block list that was asked.", Words(output), StringComparison.Ordinal);
        Assert.Contains("  listed    bl.lab.test: 127.0.0.2: Listed by the lab: 192.0.2.70", output, StringComparison.Ordinal);
        Assert.Contains("Remove the cause, then ask", Words(output), StringComparison.Ordinal);
        Assert.Contains("receivers also keep private lists", Words(output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_on_no_list_is_fine()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, _) = await dns.CheckAsync("192.0.2.10", "--list", "bl.lab.test", "--profile", "observe");

        Assert.Equal(0, code);
        Assert.Contains("not on these lists: bl.lab.test", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Well_known_lists_are_asked_and_each_has_its_own_page_for_removal()
    {
        await using var dns = await CheckedDns.StartAsync();
        string[] assumed =
        [
            "--assume", "10.2.0.192.zen.spamhaus.org. A 127.0.0.4", "--assume", "10.2.0.192.zen.spamhaus.org. TXT \"see the page\"",
            "--assume", "10.2.0.192.psbl.surriel.com. A 127.0.0.2",
            "--assume", "10.2.0.192.bl.spamcop.net. A 127.255.255.254",
            "--assume", "2.0.0.127.dnsbl.dronebl.org. A 127.0.0.1",
        ];

        var (code, json, _) = await dns.CheckAsync(["192.0.2.10", "--lists", "--json", .. assumed]);
        var (_, output, _) = await dns.CheckAsync(["192.0.2.10", "--lists", .. assumed]);
        var (_, summary, _) = await dns.CheckAsync(["192.0.2.10", "192.0.2.11", "--lists", .. assumed]);

        Assert.Equal(1, code);
        using var document = JsonDocument.Parse(json);
        var lists = document.RootElement.GetProperty("addresses")[0].GetProperty("lists").EnumerateArray().ToDictionary(list => list.GetProperty("zone").GetString()!);
        Assert.Equal(PublicLists.BuiltIn.Count, lists.Count);
        Assert.Equal(["zone", "name", "answer", "values", "words", "meaning", "removal"], lists["zen.spamhaus.org"].EnumerateObject().Select(key => key.Name));
        Assert.Equal(("listed", "see the page", "https://check.spamhaus.org/"), (lists["zen.spamhaus.org"].GetProperty("answer").GetString(),
            lists["zen.spamhaus.org"].GetProperty("words").GetString(), lists["zen.spamhaus.org"].GetProperty("removal").GetString()));
        Assert.Equal("refused", lists["bl.spamcop.net"].GetProperty("answer").GetString());
        Assert.Equal("notlisted", lists["dnsbl.dronebl.org"].GetProperty("answer").GetString());
        Assert.Contains("ask this list to remove it: https://check.spamhaus.org/", Words(output), StringComparison.Ordinal);
        Assert.Contains("ask this list to remove it: https://psbl.org/remove", Words(output), StringComparison.Ordinal);
        Assert.Contains("SpamCop (bl.spamcop.net): the list refuses the queries of this DNS server (127.255.255.254: ", Words(output), StringComparison.Ordinal);
        Assert.Contains("\n    on Spamhaus ZEN, PSBL\n", summary.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_list_is_wrong_use()
    {
        var (code, _, error) = await CheckedDns.RunAsync("check", "192.0.2.1", "--list", ".");

        Assert.Equal(64, code);
        Assert.Contains("--list \".\" is not the domain of a block list: type one such as bl.example.org", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_list_has_a_name_a_page_and_says_whom_it_lists()
    {
        Assert.InRange(PublicLists.BuiltIn.Count, 8, 20);
        Assert.Equal(PublicLists.BuiltIn.Count, PublicLists.BuiltIn.Select(list => list.Zone).Distinct().Count());
        Assert.All(PublicLists.BuiltIn, list => Assert.True(
            Uri.TryCreate(list.Removal, UriKind.Absolute, out var page) && page.Scheme == "https" && list is { Name.Length: > 0, About.Length: > 0 }, list.Name));
    }

    private static string Words(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
