using System.Text.Json;
using Gateway.Policy.Profiles;
using Gateway.Server.Configuration;

namespace Gateway.Tests.Checking;

/// <summary>Whose answers are the verdict, and how much is said of whom.</summary>
public sealed class CheckReceiversTests
{
    private static readonly string[] Sender = ["209.54.61.76", "--helo", "mail.source.com", "--from", "user@source.com"];

    [Fact]
    public async Task The_report_about_a_healthy_sender_fits_one_screen()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, output, _) = await dns.CheckAsync(Sender);

        // A terminal of 24 lines and 80 columns, with the line of the command and the next prompt.
        Assert.InRange(Lines(output).Length, 10, 22);
        Assert.All(Lines(output), static line => Assert.InRange(line.Length, 0, 80));
        Assert.DoesNotContain("\nDNS queries\n", string.Join('\n', Lines(output)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_show_queries_findings_and_the_words_of_those_who_do_not_count()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, output, _) = await dns.CheckAsync("4.3.2.1", "--from", "user@source.com", "--details");

        Assert.Contains("DNS queries", output, StringComparison.Ordinal);
        Assert.Matches("ok +require-ptr +PTR of 4", output);
        Assert.Matches("refuse  kb300171 +to RCPT", output);
    }

    [Fact]
    public async Task The_verdict_is_that_of_the_receivers_of_today()
    {
        await using var dns = await CheckedDns.StartAsync();

        // KB300171's receiver wants a name in the sender's domain; no receiver of today is known to.
        var (code, output, _) = await dns.CheckAsync("4.3.2.1", "--from", "user@source.com");

        Assert.Equal(0, code);
        Assert.Matches("^4\\.3\\.2\\.1 would be accepted by all [0-9]+ receivers of today\\.", output);
        Assert.Matches("earlier receivers +[0-9]+ refuses?: [a-z0-9, \\s-]*kb300171", output);
        Assert.Matches("Gateway's policies +[0-9]+ accept", output);
        Assert.Matches("server software +[0-9]+ refuses?: connection-control", output);
    }

    [Theory]
    [InlineData("4.3.2.1|--profile|connection-control", true)]
    [InlineData("4.3.2.1", false)]
    [InlineData("192.0.2.20", false)]
    public async Task A_deny_list_is_a_fault_only_where_its_profile_counts(string line, bool counts)
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, output, _) = await dns.CheckAsync(line.Split('|'));

        Assert.Equal(counts, output.Contains("fails    refuse-denied", StringComparison.Ordinal) || output.Contains(", refuse-denied", StringComparison.Ordinal));
        Assert.Equal(counts, string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Contains("only the receiver can change that", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_era_asks_the_receivers_of_that_year()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, _) = await dns.CheckAsync("4.3.2.1", "--from", "user@source.com", "--era", "2004");

        Assert.Equal(1, code);
        Assert.Matches("^4\\.3\\.2\\.1 would be refused by [0-9]+ of [0-9]+ receivers known from 2004", output);
        Assert.Matches("refuse  kb300171 +to RCPT", output);
        Assert.DoesNotContain("gmail", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_words_of_a_refusal_are_shown_once_and_acceptance_is_a_list_of_names()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, output, _) = await dns.CheckAsync("192.0.2.20", "--profile", "ptr,standard,strict,observe,postfix");

        Assert.Equal(1, Lines(output).Count(line => line.Contains("550 5.7.25", StringComparison.Ordinal)));
        Assert.Contains("  accept  observe, postfix", Lines(output));
    }

    [Theory]
    [InlineData("192.0.2.20", "refuse-generic-ptr", "there is no PTR name")]
    [InlineData("192.0.2.10", "require-sender-domain", "there is no sender")]
    [InlineData("192.0.2.10", "require-sender-matches-client", "there is no sender")]
    [InlineData("192.0.2.10", "require-helo-fqdn", "the name in EHLO is a guess")]
    [InlineData("192.0.2.10", "require-helo-resolves", "the name in EHLO is a guess")]
    [InlineData("192.0.2.10|--helo|[192.0.2.10]", "require-helo-resolves", "an address literal has nothing to look up")]
    public async Task Ok_is_never_said_of_a_check_that_had_nothing_to_look_at(string line, string check, string reason)
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, json, _) = await dns.CheckAsync([.. line.Split('|'), "--json"]);
        var (_, output, _) = await dns.CheckAsync([.. line.Split('|'), "--details"]);

        using var document = JsonDocument.Parse(json);
        var finding = document.RootElement.GetProperty("addresses")[0].GetProperty("findings").EnumerateArray().Single(one => one.GetProperty("check").GetString() == check);
        Assert.True(finding.GetProperty("answer").GetString() == "nothing", reason);
        Assert.DoesNotMatch($"ok +{check}", output);
    }

    [Fact]
    public async Task A_DNS_that_does_not_answer_is_told_first_and_receivers_are_names_only()
    {
        await using var dns = await CheckedDns.StartAsync("76.61.54.209.in-addr.arpa servfail");

        var (code, output, _) = await dns.CheckAsync(Sender);

        Assert.Equal(2, code);
        Assert.StartsWith("The DNS did not answer, so 209.54.61.76 cannot be judged now. ", output, StringComparison.Ordinal);
        Assert.Contains("could not look up the PTR record of 209.54.61.76: ", string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("  defer   ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("reason=rdns-temp", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("224.0.0.1")]
    public async Task Nobody_sees_such_an_address_so_it_cannot_be_judged(string address)
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, _) = await dns.CheckAsync(address);
        var (both, summary, _) = await dns.CheckAsync(address, "192.0.2.10");

        Assert.Equal((2, 2), (code, both));
        Assert.StartsWith($"{address} cannot be checked: ", output, StringComparison.Ordinal);
        Assert.Contains($"cannot be checked: {address} is ", summary.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_receiver_of_today_is_among_those_that_are_asked()
    {
        await using var dns = await CheckedDns.StartAsync();

        var (_, json, _) = await dns.CheckAsync([.. Sender, "--json"]);

        using var document = JsonDocument.Parse(json);
        var report = document.RootElement.GetProperty("addresses")[0];
        var profiles = ProfileLibrary.Load(null).Profiles.ToList();
        string[] Of(string key) => [.. report.GetProperty(key).EnumerateArray().Select(one => one.GetProperty("profile").GetString()!).Order(StringComparer.Ordinal)];
        Assert.Equal(profiles.Where(profile => profile.Group == ProfileGroup.Receiver && profile.Years.IsToday).Select(profile => profile.Name).Order(StringComparer.Ordinal), Of("receivers"));
        Assert.Equal(profiles.Count, Of("receivers").Length + Of("others").Length);
        Assert.Equal("receivers of today", document.RootElement.GetProperty("receivers").GetString());
    }

    private static string[] Lines(string output) => output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
}
