using System.Text.Json;
using Gateway.Commands;
using Gateway.Policy;
using Gateway.Smtp;
using static Gateway.Tests.Sessions;

namespace Gateway.Tests.Commands;

/// <summary><c>gateway explain</c> and <c>gateway stats</c>.</summary>
public sealed class LookingBackTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await GatewayCommand.RunAsync(arguments, output, error);
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }

    // However the console has broken it.
    private static string OneLine(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public async Task A_session_is_explained_from_its_first_query_to_its_last_reply()
    {
        await _folder.WriteAsync(Rich(Noon));
        var (code, output, error) = await RunAsync("explain", IdAt(Noon), "--journal", _folder.File);

        Assert.Equal((0, ""), (code, error));
        Assert.All(
        [
            $"Session {IdAt(Noon)}\n", "2026-03-06 12:00:00.000 UTC, lasted 0.512 s, ended with: quit", "192.0.2.20 port 40000, no confirmed name (iprev fail)",
            "127.0.0.1:25, profile standard", "refused by require-sender-domain, reason sender-nodomain",
            "PTR  20.2.0.192.in-addr.arpa", "(refuse)  require-fcrdns", "monitored only", "nowhere.example does not exist",
            "+0.034 s  RCPT <bob@gateway.test>",
        ], expected => Assert.Contains(expected, output, StringComparison.Ordinal));
        Assert.Contains("from <ann@nowhere.example> to nobody: 550, see Refusals below", OneLine(output), StringComparison.Ordinal);
        Assert.Contains("from <ann@example.org> to <bob@gateway.test>: 250 2.6.0 queued as 4711 (1234 octets, server 127.0.0.1:2525, 7 ms)", OneLine(output), StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', output);
    }

    [Theory]
    [InlineData("{0}", "as it is")]
    [InlineData("{0}.1", "as in Received")]
    [InlineData("id={0}", "as in a reply")]
    [InlineData(" {0} ", "copied with spaces")]
    public async Task An_id_is_found_however_it_is_written(string form, string reason)
    {
        await _folder.WriteAsync(Rich(Noon));
        foreach (var id in new[] { IdAt(Noon), IdAt(Noon).ToLowerInvariant(), IdAt(Noon).Replace('0', 'O').Replace('1', 'l') })
            Assert.True((await RunAsync("explain", string.Format(null, form, id), "--journal", _folder.File)).Code == 0, $"{reason}: {id}");
    }

    [Fact]
    public async Task Json_is_the_document_itself()
    {
        await _folder.WriteAsync(Rich(Noon));
        var (code, output, _) = await RunAsync("explain", IdAt(Noon), "--journal", _folder.File, "--json");
        Assert.Equal(0, code);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal("require-sender-domain", document.GetProperty("verdict").GetProperty("check").GetString());
        Assert.Equal(2, document.GetProperty("transactions").GetArrayLength());
        Assert.Equal("mail.example.org", document.GetProperty("trail")[0].GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Hostile_text_reaches_no_terminal_raw()
    {
        var session = Empty(Noon);
        session.Helo = new("a\u001b[2J\u202e\u0007", IsExtended: true);
        await _folder.WriteAsync(session.IsRefused("e\u001b]0;x\u0007vil", new(550, 1, 8, "no"), Found("x", CheckMode.Enforce, Decision.Reject, "r", "\u001b[31mred[/]")));
        foreach (var arguments in new[] { new[] { "explain", IdAt(Noon) }, ["stats", "--since", "2026-03-01"], ["explain", IdAt(Noon), "--json"] })
        {
            var (code, output, _) = await RunAsync([.. arguments, "--journal", _folder.File]);
            Assert.Equal(0, code);
            Assert.DoesNotContain(output, letter => letter is not '\n' and (< ' ' or > '~'));
        }
    }

    [Fact]
    public async Task An_unknown_id_is_1_and_told_how_far_back_the_journal_goes()
    {
        await _folder.WriteAsync(Rich(Noon));
        var before = await RunAsync("explain", IdAt(Noon.AddDays(-1)), "--journal", _folder.File);
        Assert.Equal(1, before.Code);
        Assert.Contains("began at 2026-03-05 12:00:00 UTC, and the journal no longer has it: its oldest session is of 2026-03-06 12:00:00 UTC", before.Error, StringComparison.Ordinal);
        var other = await RunAsync("explain", IdAt(Noon, 2), "--journal", _folder.File);
        Assert.Equal(1, other.Code);
        Assert.Contains("Its 1 sessions are from", other.Error, StringComparison.Ordinal);
        Assert.Equal(64, (await RunAsync("explain", "what?", "--journal", _folder.File)).Code);
    }

    [Theory]
    [InlineData("explain 01KK1A2B3C4D5")]
    [InlineData("stats")]
    public async Task Without_a_journal_it_is_said_what_to_do(string command)
    {
        var arguments = command.Split(' ');
        var nowhere = await RunAsync(arguments);
        Assert.Equal(64, nowhere.Code);
        Assert.Contains("--config FILE", nowhere.Error, StringComparison.Ordinal);

        var absent = await RunAsync([.. arguments, "--journal", _folder.File]);
        Assert.Equal(78, absent.Code);
        Assert.Contains("does not exist: check the path after --journal", absent.Error, StringComparison.Ordinal);

        var shipped = Path.Combine(Repository.Root, "config", "gateway.json");
        var without = await RunAsync([.. arguments, "--config", shipped]);
        Assert.Equal(78, without.Code);
        Assert.Contains("\"Journal\": { \"File\"", without.Error, StringComparison.Ordinal);

        var early = await RunAsync([.. arguments, "--config", shipped, "--set", $"Journal:File={_folder.File}"]);
        Assert.Equal(78, early.Code);
        Assert.Contains("the gateway creates it when it starts", early.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder.File, "this is no database, though it is long enough to be one");
        Assert.Equal(2, (await RunAsync([.. arguments, "--journal", _folder.File])).Code);
    }

    [Fact]
    public async Task A_running_gateway_explains_each_refusal_by_the_id_in_it()
    {
        await using var server = new ScriptedSmartHost();
        string[] settings = [$"Journal:File={_folder.File}", "Policy:ExemptPrivate=false", "Dns:Deadline=00:00:01"];
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, settings);
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await client.SayAsync("MAIL FROM:<ann@example.org>");
        var refusal = await client.SayAsync("RCPT TO:<bob@elsewhere.example>");
        var id = refusal[(refusal.LastIndexOf("id=", StringComparison.Ordinal) + 3)..];
        await client.SayAsync("QUIT");
        await gateway.EndedAsync();

        (int Code, string Output, string Error) explained;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        while ((explained = await RunAsync("explain", id, "--journal", _folder.File)).Code != 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        Assert.Contains("RCPT <bob@elsewhere.example>", explained.Output, StringComparison.Ordinal);
        Assert.Contains("550 5.7.1 Unable to relay", explained.Output, StringComparison.Ordinal);
        var counted = (await RunAsync("stats", "--since", "1h", "--journal", _folder.File)).Output;
        Assert.Contains("1 session with 1 attempt to send: 0 delivered, 1 refused (5yz), 0 deferred (4yz)", OneLine(counted), StringComparison.Ordinal);
        Assert.Matches("relay-control +1 +0 +0 +0 +0", counted);
    }

    [Fact]
    public async Task Statistics_fit_80_columns()
    {
        var mismatch = Found("require-sender-matches-client", CheckMode.Monitor, Decision.Reject, "sender-mismatch");
        await _folder.WriteAsync(Enumerable.Range(1, 30).Select(number =>
            Empty(Noon, number, "2001:db8:1111:2222:3333:4444:5555:6666").Delivers($"{new string('x', 60)}.{new string('y', 60)}.example", mismatch).Record));
        var (code, output, _) = await RunAsync("stats", "--since", "2026-03-06", "--until", "2026-03-07", "--journal", _folder.File);
        Assert.Equal(0, code);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("30 sessions with 30 attempts to send: 30 delivered, 0 refused", output, StringComparison.Ordinal);
        Assert.Matches(@"require-sender-matches-client +0 +0 +30 +0 +30", output);
        Assert.Contains("2001:db8:1111:2222:3333:4444:5555:6666", output, StringComparison.Ordinal);
        Assert.Contains("yyy.example", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_tell_4yz_from_5yz_and_name_relay_control_and_the_smart_host()
    {
        await _folder.WriteAsync(
            Empty(Noon, 1).IsRefusedBy(Refuser.RelayControl, new Reply(550, 7, 1, "Unable to relay")),
            Empty(Noon, 2).IsTurnedDown("example.org", new(452, 3, 1, "disk full")).IsTurnedDown("example.org", new(550, 1, 1, "unknown")));
        string[] arguments = ["stats", "--since", "2026-03-06", "--until", "2026-03-07", "--journal", _folder.File];

        var text = (await RunAsync(arguments)).Output;
        Assert.Contains("3 attempts to send: 0 delivered, 2 refused (5yz), 1 deferred (4yz)", OneLine(text), StringComparison.Ordinal);
        Assert.Matches("smart-host +1 +1 +0 +0 +0", text);
        Assert.Matches("relay-control +1 +0 +0 +0 +0", text);

        var json = JsonDocument.Parse((await RunAsync([.. arguments, "--json"])).Output).RootElement;
        Assert.Equal((2, 1), (json.GetProperty("refused").GetInt32(), json.GetProperty("deferred").GetInt32()));
        Assert.Equal(["smart-host", "relay-control"], json.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("check").GetString()));
    }

    [Fact]
    public async Task What_strict_would_have_refused_is_a_question_with_an_answer()
    {
        var ptr = Found("require-ptr", CheckMode.Monitor, Decision.Reject, "rdns-none");
        await _folder.WriteAsync(Empty(Noon).Delivers("example.org", ptr), Empty(Noon, 2).Delivers("example.org", Found("require-ptr", CheckMode.Monitor, Decision.Continue)));
        string[] arguments = ["stats", "--since", "2026-03-06", "--until", "2026-03-07", "--profile", "strict", "--journal", _folder.File];

        var text = await RunAsync(arguments);
        Assert.Equal(0, text.Code);
        Assert.Contains("strict would have refused 1 and deferred 0 of the 2 attempts; in fact, 1 of them", OneLine(text.Output), StringComparison.Ordinal);

        var json = JsonDocument.Parse((await RunAsync([.. arguments, "--json"])).Output).RootElement;
        Assert.Equal((1, 0, 1), (Hindsight("refused"), Hindsight("deferred"), Hindsight("unknown")));
        Assert.Equal("require-ptr", json.GetProperty("checks")[0].GetProperty("check").GetString());
        Assert.Equal("192.0.2.20", json.GetProperty("checks")[0].GetProperty("clients")[0].GetProperty("who").GetString());

        int Hindsight(string key) => json.GetProperty("hindsight").GetProperty(key).GetInt32();
    }

    [Theory]
    [InlineData("--since yesterday", "--since \"yesterday\" is not a time: type a span back from now such as 24h, 7d or 2w")]
    [InlineData("--since 0d", "--since \"0d\" is not a time: type ")]
    [InlineData("--since 1h --until 2h", "--since must be earlier than --until")]
    [InlineData("--since 2026-13-01", "--since \"2026-13-01\" is not a time: type ")]
    [InlineData("--until soon", "--until \"soon\" is not a time: type ")]
    [InlineData("--top -1", "--top -1 is out of range: type a number from 0 to 1000")]
    public async Task A_value_that_cannot_be_used_is_64_and_the_error_says_what_to_type(string arguments, string expected)
    {
        var (code, _, error) = await RunAsync(["stats", .. arguments.Split(' '), "--journal", _folder.File]);
        Assert.Equal(64, code);
        Assert.StartsWith($"gateway: {expected}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_does_not_exist_is_78()
    {
        await _folder.WriteAsync(Empty(Noon));
        var (code, _, error) = await RunAsync("stats", "--profile", "nobody", "--journal", _folder.File);
        Assert.Equal(78, code);
        Assert.Contains("\"gateway profiles\" lists all", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_read_as_people_type_them()
    {
        Assert.Equal(Noon.AddDays(-7), TimeRange.Parse("7d", Noon));
        Assert.Equal(Noon.AddHours(-24), TimeRange.Parse("24h", Noon));
        Assert.Equal(Noon.AddDays(-14), TimeRange.Parse("2w", Noon));
        Assert.Equal(Noon, TimeRange.Parse("2026-03-06T12:00", DateTimeOffset.UnixEpoch));
        Assert.Null(TimeRange.Parse("d", Noon));
        Assert.Null(TimeRange.Parse("99999999d", Noon));
    }
}
