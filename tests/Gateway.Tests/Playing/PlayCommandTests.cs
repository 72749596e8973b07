using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Commands;
using Gateway.Lab.Hosting;
using Gateway.Lab.Screens;
using Gateway.Lab.SmartHosts;
using Gateway.Tests.Commands;

namespace Gateway.Tests.Playing;

public sealed class PlayCommandTests
{
    private const string Refused = """
        # Nobody knows this client
        # It is refused when it names the recipient.
        @client 192.0.2.20
        S: 220 …
        C: EHLO client.example
        S* 250-…
        S: 250 …
        C: MAIL FROM:<ann@good.lab.test>
        S: 250 2.1.0 …
        C: RCPT TO:<bob@gateway.test>
        S: 550 5.7.25 …no PTR record found…
        C: QUIT
        S: 221 2.0.0 …
        @closed
        @verdict reject require-ptr

        """;

    private const string Short = "# Good bye\nS: 220 …\nC: QUIT\nS: 221 2.0.0 …\n@closed\n";

    [Theory]
    [InlineData("kb300171/row-01-no-ptr-aol.smtp", "#5.5.0", "Event ID: 4001")]
    [InlineData("kb895853/row-24-anonymous-access-off.smtp", "#5.7.1 smtp;530 5.7.3", "scenario 2, NDR 5.7.1")]
    public async Task A_refusal_in_a_conversation_is_shown_as_Exchange_2003_would_have_told_it(string file, string code, string seen)
    {
        var (exit, output, _) = await CommandRun.PlayAsync(Path.Combine(Repository.Root, "tests", "Conversations", file), "--as", "exchange-2003");

        Assert.Equal(0, exit);
        Assert.Contains(code, output, StringComparison.Ordinal);
        Assert.Contains(seen, output, StringComparison.Ordinal);

        var (_, json, _) = await CommandRun.PlayAsync(Path.Combine(Repository.Root, "tests", "Conversations", file), "--as", "exchange-2003", "--json");
        Assert.Contains("{\"event\":\"exchange-2003\",", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_is_played_in_memory_and_shown_as_it_happens()
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("refused.smtp", Refused);

        var (code, output, error) = await CommandRun.PlayAsync(file);

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"{file}\nNobody knows this client\n  It is refused when it names the recipient.\n", output, StringComparison.Ordinal);
        Assert.Contains("   0.000  S: 220 mx.gateway.test ESMTP Gateway\n   0.000  C: EHLO client.example\n", output, StringComparison.Ordinal);
        Assert.Contains("  S: 550 5.7.25 Reverse DNS required: no PTR record found for [192.0.2.20]", output, StringComparison.Ordinal);
        Assert.Contains("  @  verdict: reject require-ptr\n  As written.\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', output);
    }

    [Fact]
    public async Task A_difference_is_1_and_shows_file_line_and_the_place_where_the_lines_part()
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("wrong.smtp", Refused.Replace("PTR record found", "PTR record lost", StringComparison.Ordinal));

        var (code, output, _) = await CommandRun.PlayAsync(file);

        Assert.Equal(1, code);
        Assert.Contains($"  DIFFERENCE at {file}:11\n  expected  550 5.7.25 …no PTR record lost…\n  got       550 5.7.25 Reverse DNS", output, StringComparison.Ordinal);
        Assert.Contains("\n            the difference begins here after \"…required: no PTR record \"\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("As written.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pointer_stands_under_the_letter_that_differs_where_the_line_is_short()
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("wrong.smtp", Short.Replace("221 2.0.0", "221 2.1.0", StringComparison.Ordinal));

        var (_, output, _) = await CommandRun.PlayAsync(file);

        Assert.Contains("  got       221 2.0.0 mx.gateway.test closing connection\n                  ^ the difference begins here after \"221 2.\"\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_files_of_a_folder_are_played_and_those_that_differ_are_named_again()
    {
        using var folder = new ScratchFolder();
        folder.Write("a.smtp", Short);
        folder.Write("below/b.smtp", Short.Replace("221", "250", StringComparison.Ordinal));
        folder.Write("notes.txt", "no conversation");

        var (code, output, _) = await CommandRun.PlayAsync(folder.Path);

        Assert.Equal(1, code);
        Assert.EndsWith($"2 conversations: 1 as written, 1 differs.\n  {Path.Combine(folder.Path, "below", "b.smtp")}:4\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_of_all_files_are_64_and_nothing_is_played()
    {
        using var folder = new ScratchFolder();
        var good = folder.Write("a.smtp", Short);
        var bad = folder.Write("bad.smtp", "# t\nX: y\n@nonsense\nS: 220 …\n");
        var worse = folder.Write("worse.smtp", "S: 220 …\n");

        var (code, output, error) = await CommandRun.PlayAsync(good, bad, worse);

        Assert.Equal((64, ""), (code, output));
        Assert.Contains($"gateway: {bad}:2: ", error, StringComparison.Ordinal);
        Assert.Contains($"gateway: {bad}:3: ", error, StringComparison.Ordinal);
        Assert.Contains($"gateway: {worse}:1: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@config Nonsense = 1", "Nonsense", "no such key")]
    [InlineData("@profile nonsense", "nonsense", "no such profile")]
    public async Task Circumstances_that_cannot_be_made_are_64_with_the_file(string directive, string said, string why)
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("a.smtp", Short.Replace("\nS: 220", $"\n{directive}\nS: 220", StringComparison.Ordinal));

        var (code, _, error) = await CommandRun.PlayAsync(file);

        Assert.True(code == 64, why);
        Assert.StartsWith($"gateway: {file}: ", error, StringComparison.Ordinal);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-file.smtp", "\"no-such-file.smtp\" does not exist: type the path of a conversation file, or of a folder with such files")]
    [InlineData("{} --to nonsense:port", "--to \"nonsense:port\" is not a server: type one such as")]
    [InlineData("{} --to 127.0.0.1:25 --via magic", "--via \"magic\" is not known: type")]
    [InlineData("{} --via xclient", "--via needs --to")]
    [InlineData("{} --patience soon", "--patience \"soon\" is not a number of seconds")]
    public async Task Wrong_use_is_64_and_says_what_to_type(string line, string said)
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("a.smtp", Short);

        var (code, output, error) = await CommandRun.PlayAsync([.. line.Split(' ').Select(word => word == "{}" ? file : word)]);

        Assert.Equal((64, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machines_get_an_object_on_each_line()
    {
        using var folder = new ScratchFolder();
        var right = folder.Write("a.smtp", Short);
        var wrong = folder.Write("b.smtp", Short.Replace("221", "250", StringComparison.Ordinal));

        var (code, output, _) = await CommandRun.PlayAsync("--json", right, wrong);

        Assert.Equal(1, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(
            ["begin", null, null, null, "end", "begin", null, null, null, "difference", "end"],
            lines.Select(line => line.TryGetProperty("event", out var name) ? name.GetString() : null));
        Assert.Equal((right, "Good bye", "192.0.2.10", "standard"),
            (Text(lines[0], "file"), Text(lines[0], "title"), Text(lines[0], "client"), Text(lines[0], "profile")));
        Assert.Equal(("client", "QUIT"), (Text(lines[2], "who"), Text(lines[2], "line")));
        Assert.Equal("as written", Text(lines[4], "result"));
        Assert.Equal((wrong, 4, "250 2.0.0 …", 1),
            (Text(lines[9], "file"), lines[9].GetProperty("fileLine").GetInt32(), Text(lines[9], "expected"), lines[9].GetProperty("partsAt").GetInt32()));
        Assert.Equal("different", Text(lines[10], "result"));
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    [Fact]
    public async Task A_server_that_runs_is_talked_to_and_what_it_cannot_show_is_passed_over_and_said()
    {
        await using var smartHost = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), null, TimeProvider.System);
        await using var gateway = await RunningGateway.StartAsync(smartHost.Endpoint);
        using var folder = new ScratchFolder();
        // Loopback is exempt here, so the recipient is accepted; no verdict can be seen from outside.
        var file = folder.Write("live.smtp", Refused.Replace("550 5.7.25 …no PTR record found…", "250 2.1.5 …", StringComparison.Ordinal));

        var (code, output, error) = await CommandRun.PlayAsync(file, "--to", gateway.Endpoint.ToString(), "--via", "plain", "--patience", "60");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"  Played against {gateway.Endpoint}.\n", output, StringComparison.Ordinal);
        Assert.Contains("Left out, because a server elsewhere can neither do nor show it: @client,\n  @verdict.\n", output, StringComparison.Ordinal);
        Assert.Contains("  S: 220 mx.gateway.test ESMTP Gateway\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("550 5.7.25 …no PTR record found…", 0, "as written")]
    [InlineData("250 2.1.5 …", 1, "another reply")]
    public async Task The_client_of_a_file_is_claimed_before_a_lab_that_runs(string reply, int expected, string why)
    {
        using var folder = new ScratchFolder();
        using var screen = new StringWriter();
        await using var lab = await LabHost.StartAsync(
            new() { CaptureFolder = folder.Path, Port = 0, Dns = new(IPAddress.Loopback, 0) }, new LabScreen(Terminal.Create(screen)), TestContext.Current.CancellationToken);
        var file = folder.Write("live.smtp", Refused.Replace("550 5.7.25 …no PTR record found…", reply, StringComparison.Ordinal));

        var (code, output, _) = await CommandRun.PlayAsync(file, "--to", lab.Places.ByRecipient.ToString());

        Assert.True(code == expected, $"{why}: {output}");
        Assert.Contains("  @  XCLIENT ", output, StringComparison.Ordinal);
        Assert.Contains("  S: 550 5.7.25 Reverse DNS required: no PTR record found for [192.0.2.20]", output, StringComparison.Ordinal);
        Assert.Equal(expected == 1, output.Contains("live.smtp:11\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_lets_nobody_be_another_is_2_and_the_reason_is_told()
    {
        await using var smartHost = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), null, TimeProvider.System);
        await using var gateway = await RunningGateway.StartAsync(smartHost.Endpoint);
        using var folder = new ScratchFolder();

        var (code, output, _) = await CommandRun.PlayAsync(folder.Write("live.smtp", Refused), "--to", gateway.Endpoint.ToString());

        Assert.Equal(2, code);
        Assert.Contains("  NOT PLAYED: the server does not offer XCLIENT to this machine", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_2_and_the_rest_is_not_tried()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var folder = new ScratchFolder();
        folder.Write("a.smtp", Short);
        folder.Write("b.smtp", Short);

        // Bound and not listening: a connection is refused.
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var (code, output, _) = await CommandRun.PlayAsync(folder.Path, "--to", $"127.0.0.1:{port}", "--json");

        Assert.Equal(2, code);
        Assert.Contains("\"no connection\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("b.smtp", output, StringComparison.Ordinal);
    }
}
