using Gateway.Tests.Commands;
namespace Gateway.Tests.Playing;

public sealed class ScenarioCommandTests
{
    [Theory]
    [InlineData("kb300171", "Row 1. ", "Row 12. ", "   0.000  S: 554 <user@source.com>: Sender address rejected: Domain not found\n")]
    [InlineData("kb895853", "Row 20. ", "Row 31. ", "  S: 550 5.7.1 Unable to relay for relaytest@contoso.net")]
    public async Task A_scenario_walks_from_the_first_row_to_the_last_without_waiting(string name, string first, string last, string seen)
    {
        var (code, output, error) = await CommandRun.RunAsync("lab", "--scenario", name);

        Assert.Equal((0, ""), (code, error));
        Assert.True(output.IndexOf($"\n{first}", StringComparison.Ordinal) is > 0 and var begin
            && output.IndexOf($"\n{last}", StringComparison.Ordinal) > begin);
        Assert.Contains(seen, output, StringComparison.Ordinal);
        Assert.DoesNotContain("DIFFERENCE", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Enter goes on", output, StringComparison.Ordinal);
        Assert.EndsWith(" as written, 0 differ.\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', output);
    }

    [Fact]
    public async Task The_cure_is_worked_out_by_the_play()
    {
        var (_, output, _) = await CommandRun.RunAsync("lab", "--scenario", "kb300171");

        Assert.Contains(
            "  The records to publish, as the gateway advises:\n    76.61.54.209.in-addr.arpa. PTR mail.source.com.\n      must be published by the owner of the address 209.54.61.76: usually your",
            output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_gateway_check_says_before_and_after_the_cure_is_shown_record_by_record()
    {
        var (_, output, _) = await CommandRun.RunAsync("lab", "--scenario", "kb300171");

        var before = output.IndexOf("\n209.54.61.76 would be refused by ", StringComparison.Ordinal);
        var after = output.IndexOf("\n209.54.61.76 would be accepted by all ", StringComparison.Ordinal);
        Assert.True(before > 0 && after > before);
        Assert.Contains("\n  76.61.54.209.in-addr.arpa. PTR mail.source.com.\n      must be published by the owner of the address", output[before..after], StringComparison.Ordinal);
        Assert.Matches(
            "would be accepted by all [0-9]+ receivers\\.\n(.*\n)*  ok  source\\.com\\. MX 10 mail\\.source\\.com\\.\n.*\n  ok  mail\\.source\\.com\\. A 209\\.54\\.61\\.76\n.*\n  ok  76\\.61\\.54\\.209\\.in-addr\\.arpa\\. PTR mail\\.source\\.com\\.\n",
            output[after..]);
    }

    [Fact]
    public async Task What_was_shown_at_length_is_not_shown_at_length_again()
    {
        var (_, output, _) = await CommandRun.RunAsync("lab", "--scenario", "kb895853");

        // Once for each of the four names that the server has.
        Assert.Equal(4, output.Split('\n').Count(line => line.EndsWith("S: 250 CHUNKING", StringComparison.Ordinal)));
        Assert.Contains("  S: 250-mx.gateway.test\n             (6 more lines, the same as before)\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "row-21-test-3.smtp\nRow 21: KB304897 test 3: the null sender buys nothing.\n  C: MAIL FROM:<>\n  C: RCPT TO:<relaytest@contoso.net>\n  S: 550 5.7.1 Unable to relay for relaytest@contoso.net",
            output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kb300171")]
    [InlineData("kb895853")]
    public async Task No_line_of_a_walk_is_longer_than_the_80_columns_that_it_has(string name)
    {
        var (_, output, _) = await CommandRun.RunAsync("lab", "--scenario", name);

        Assert.All(output.Split('\n'), static line => Assert.True(line.Length <= 80, line));
        // What was broken goes on below its own beginning.
        Assert.DoesNotContain(output.Split('\n'), static line => line.EndsWith(' ') && !line.EndsWith("C: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_scenario_is_64_and_the_known_ones_are_listed()
    {
        var (code, output, error) = await CommandRun.RunAsync("lab", "--scenario", "kb1");

        Assert.Equal((64, ""), (code, output));
        Assert.Contains("no scenario is called \"kb1\": type --scenario kb300171 or --scenario kb895853", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--port", "0")]
    public async Task What_is_about_the_lab_that_opens_is_not_passed_over_in_silence(params string[] other)
    {
        var (code, output, error) = await CommandRun.RunAsync(["lab", "--scenario", "kb300171", .. other]);

        Assert.Equal((64, ""), (code, output));
        Assert.Contains($"gateway: {other[0]} and --scenario exclude each other: --scenario does not start the lab, so leave {other[0]} out\n", error, StringComparison.Ordinal);
    }
}
