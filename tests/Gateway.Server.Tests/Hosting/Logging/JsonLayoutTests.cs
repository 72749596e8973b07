using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Policy.Facts;
using Gateway.Server.Hosting;
using Gateway.Server.Hosting.Logging;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Gateway.Tests;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting.Logging;

public sealed partial class JsonLayoutTests
{
    private static readonly IPEndPoint Client = new(IPAddress.Parse("192.0.2.1"), 4711);

    [Fact]
    public async Task Each_entry_has_a_time_stamp_a_level_an_event_and_its_values_as_fields()
    {
        var entry = await EntryAsync(static logger => HostingLog.Listening(logger, new IPEndPoint(IPAddress.Loopback, 25), "standard", "Recipient"));

        Assert.Equal(
            """{"time":"2026-03-01T12:00:00.000Z","level":"info","event":9000,"eventName":"Listening","category":"Gateway.Test","message":"listening on 127.0.0.1:25 with profile standard, refusals at Recipient","endpoint":"127.0.0.1:25","profile":"standard","refuseAt":"Recipient"}""",
            entry.GetRawText());
    }

    [Fact]
    public async Task Numbers_are_numbers_and_lists_are_arrays()
    {
        var stopping = await EntryAsync(static logger => HostingLog.Stopping(logger, 60));
        var servers = await EntryAsync(static logger => HostingLog.DnsServers(logger, new([new IPEndPoint(IPAddress.Loopback, 53), "ns.example"])));

        Assert.Equal(60, stopping.GetProperty("seconds").GetDouble());
        Assert.Equal("""["127.0.0.1:53","ns.example"]""", servers.GetProperty("servers").GetRawText());
    }

    [Fact]
    public async Task An_exception_is_a_field_and_a_value_with_the_name_of_one_of_ours_stands_beside_it()
    {
        var entry = await EntryAsync(static logger => TestLog.Clashes(logger, "boom", 7, new InvalidOperationException("a\nb")));

        Assert.StartsWith("System.InvalidOperationException: a\nb", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.Equal(("boom", 7, "boom at 7"), (entry.GetProperty("message_").GetString(), entry.GetProperty("time_").GetInt32(), entry.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_session_is_numbers_and_lists_and_nothing_glued()
    {
        var session = Sessions.Rich(Sessions.Noon);
        session.Elapsed = TimeSpan.FromMilliseconds(1234);
        session.XclientRefused();
        session.LoginFailed("ann");

        var entry = await EntryAsync(logger => SessionLine.Log(logger, session));

        Assert.Equal(("info", 9100, "Session"), (entry.GetProperty("level").GetString(), entry.GetProperty("event").GetInt32(), entry.GetProperty("eventName").GetString()));
        Assert.Equal($"session {session.Id} of 192.0.2.20 ended: {entry.GetProperty("end").GetString()}", entry.GetProperty("message").GetString());
        Assert.Equal((1.234, 1, 1), (entry.GetProperty("seconds").GetDouble(), entry.GetProperty("messages").GetInt32(), entry.GetProperty("delivered").GetInt32()));
        Assert.Equal(("192.0.2.20", 40_000, true), (entry.GetProperty("client").GetString(), entry.GetProperty("port").GetInt32(), entry.GetProperty("xclientRefused").GetBoolean()));
        Assert.Equal("""["ann"]""", entry.GetProperty("failedNames").GetRawText());
        var delivery = Assert.Single(entry.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(("<ann@example.org>", "<bob@gateway.test>", 1234, 250, 7.0), (
            delivery.GetProperty("sender").GetString(), delivery.GetProperty("recipients")[0].GetString(), delivery.GetProperty("size").GetInt32(),
            delivery.GetProperty("code").GetInt32(), delivery.GetProperty("milliseconds").GetDouble()));
        var refusal = entry.GetProperty("refusals")[0];
        Assert.Equal(("RCPT", 550, "5.1.8"), (refusal.GetProperty("command").GetString(), refusal.GetProperty("code").GetInt32(), refusal.GetProperty("status").GetString()));
        Assert.Contains(entry.GetProperty("findings").EnumerateArray(), static finding => finding.GetProperty("check").GetString() == "require-fcrdns"
            && finding.GetProperty("mode").GetString() == "monitor" && finding.GetProperty("reason").GetString() == "rdns-mismatch");
        // One vocabulary: what the journal's document calls it.
        Assert.False(entry.TryGetProperty("peer", out _));
    }

    [Theory]
    [InlineData(IprevStatus.PermError, "permerror")]
    [InlineData(IprevStatus.TempError, "temperror")]
    public async Task What_reverse_dns_says_is_the_word_of_rfc_8601_as_in_the_text_and_the_journal(IprevStatus status, string word)
    {
        var session = Sessions.Rich(Sessions.Noon);
        session.Facts = new(Client.Address, status, [], "", [], TimeSpan.Zero);

        var entry = await EntryAsync(logger => SessionLine.Log(logger, session));

        Assert.Equal(word, entry.GetProperty("iprev").GetString());
    }

    [Fact]
    public async Task Trouble_with_our_own_disk_makes_the_sessions_line_a_warning()
    {
        var entry = await EntryAsync(static logger => SessionLine.Log(
            logger, new SessionStory("1M80P3C84FFZZ", default, Client, null, "standard") { StorageFailure = "No space left on device" }));

        Assert.Equal(("warning", "No space left on device"), (entry.GetProperty("level").GetString(), entry.GetProperty("storageFailure").GetString()));
    }

    [Fact]
    public async Task Nothing_that_a_client_says_reaches_the_log_raw_and_nothing_fills_it()
    {
        var session = new SessionStory("1M80P3C84FFZZ", default, Client, null, "standard") { Helo = new("a\r\n\u001b[31m\u0085é\u202e\ud800", IsExtended: true) };
        var recipient = new ForwardPath(new(new string('\u202e', 900), "gateway.test"));
        for (var i = 0; i < 500; i++)
            session.Message(new(default, [.. Enumerable.Repeat(recipient, 1000)], default), 1, new(new(250, 0, 0, new string('x', 500)), null, 1, false, TimeSpan.Zero, null));

        var line = await LogOutput.OfAsync(new JsonLayout(), logger => SessionLine.Log(logger, session));

        Assert.DoesNotContain(line[..^1], static letter => letter is < ' ' or > '~');
        Assert.Equal("a\r\n\u001b[31m\u0085é\u202e\ufffd", JsonDocument.Parse(line).RootElement.GetProperty("helo").GetString());
        Assert.InRange(line.Length, 1000, 128 * 1024);
    }

    [Fact]
    public void No_value_of_ours_has_the_name_of_a_field_that_every_entry_has()
    {
        var names = typeof(SessionRecord).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .SelectMany(static message => Placeholder().Matches(message.Message).Select(static match => JsonNamingPolicy.CamelCase.ConvertName(match.Groups[1].Value)))
            .ToList();

        Assert.Contains("smartHost", names);
        Assert.Empty(names.Intersect(JsonLayout.Reserved));
    }

    [GeneratedRegex(@"\{(\w+)")]
    private static partial Regex Placeholder();

    private static async Task<JsonElement> EntryAsync(Action<ILogger> log)
    {
        var text = await LogOutput.OfAsync(new JsonLayout(), log);
        Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
        return JsonDocument.Parse(text).RootElement;
    }
}
