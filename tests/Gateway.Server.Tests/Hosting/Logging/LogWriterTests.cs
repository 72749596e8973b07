using System.Net;
using System.Text.Json;
using Gateway.Server.Hosting.Logging;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Gateway.Tests;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting.Logging;

public sealed class LogWriterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Nobody_waits_for_an_output_that_blocks_and_what_did_not_fit_is_counted_and_said()
    {
        await using var output = new LogOutput();
        using var writer = output.Writer(new TextLayout());
        var logger = writer.CreateLogger("Gateway.Test");
        output.Block();
        TestLog.Say(logger, "first");
        await output.HangsAsync();

        for (var i = 0; i < LogWriter.MaxWaiting + 7; i++)
            TestLog.Say(logger, $"line {i}");
        output.Release();
        await writer.CloseAsync(Patience);

        Assert.Equal(LogWriter.MaxWaiting + 2, output.Lines.Count);
        Assert.EndsWith($"WARNING line {LogWriter.MaxWaiting - 1}", output.Lines[^1], StringComparison.Ordinal);
        Assert.Single(output.Lines, static line => line.Contains(" WARNING 7 log lines are missing here, because ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Waiting_entries_are_bounded_in_octets_too()
    {
        const int Large = 1 << 20;
        await using var output = new LogOutput();
        using var writer = output.Writer(new TextLayout());
        var logger = writer.CreateLogger("Gateway.Test");
        output.Block();
        TestLog.Say(logger, "first");
        await output.HangsAsync();

        for (var i = 0; i < 40; i++)
            TestLog.Say(logger, new string('x', Large));
        output.Release();
        await writer.CloseAsync(Patience);

        Assert.InRange(output.Lines.Count(static line => line.Length > Large), 20, (int)(LogWriter.MaxWaitingOctets / Large));
    }

    [Fact]
    public async Task Ended_sessions_that_wait_are_bounded_by_what_they_hold()
    {
        const int Sessions = 100;
        await using var output = new LogOutput();
        using var writer = output.Writer(new TextLayout());
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(writer));
        output.Block();
        TestLog.Say(loggers.CreateLogger("x"), "first");
        await output.HangsAsync();
        var session = FullSession();

        var log = new Gateway.Server.Hosting.SessionLog(loggers);
        for (var i = 0; i < Sessions; i++)
            log.Ended(session);
        output.Release();
        await writer.CloseAsync(Patience);

        var written = output.Lines.Count(static line => line.Contains(" session 1M8", StringComparison.Ordinal));
        Assert.InRange(written, 10, (int)(LogWriter.MaxWaitingOctets / RecordSize.Of(session)));
        Assert.Contains(output.Lines, line => line.Contains($" {Sessions - written} log lines are missing here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_costs_the_lines_that_it_did_not_take_and_the_next_one_begins_on_a_line_of_its_own()
    {
        await using var output = new LogOutput();
        using var writer = output.Writer(new TextLayout());
        var logger = writer.CreateLogger("Gateway.Test");
        output.FailOnce();
        TestLog.Say(logger, "lost");
        await output.HasFailedAsync();
        TestLog.Say(logger, "kept");
        await writer.CloseAsync(Patience);

        Assert.Contains("2026-03-01T12:00:00.000Z WARNING kept", output.Lines);
        Assert.Contains(output.Lines, static line => line.Contains(" 1 log lines are missing here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Closing_does_not_wait_for_an_output_that_blocks_for_ever()
    {
        await using var output = new LogOutput();
        var time = new Gateway.Lab.Conversations.StagedTime(LogOutput.Noon);
        using var writer = new LogWriter(output, new TextLayout(), time);
        output.Block();
        TestLog.Say(writer.CreateLogger("x"), "first");
        await output.HangsAsync();

        var closing = writer.CloseAsync(TimeSpan.FromSeconds(1)).AsTask();
        Assert.False(closing.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await closing.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_value_that_cannot_be_put_into_words_throws_at_nobody()
    {
        var text = await LogOutput.OfAsync(new TextLayout(), static logger =>
        {
            TestLog.Say(logger, new Unspeakable());
            TestLog.Say(logger, "next");
        });

        Assert.Contains("WARNING next\n", text, StringComparison.Ordinal);
        Assert.Contains(" 1 log lines are missing here", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_cannot_be_put_into_words_costs_its_own_line_only()
    {
        var text = await LogOutput.OfAsync(new JsonLayout(), static logger =>
        {
            SessionLine.Log(logger, new SessionStory("1M80P3C84FF01", default, null!, null, "standard"));
            SessionLine.Log(logger, new SessionStory("1M80P3C84FF02", default, Client, null, "standard"));
        });

        Assert.Contains("session 1M80P3C84FF01 is missing from the log, because a bug prevented its conversion", text, StringComparison.Ordinal);
        Assert.Contains("session 1M80P3C84FF02 of 192.0.2.1 ended: ", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => JsonDocument.Parse(line));
    }

    /// <summary>What a hostile client makes of a session: everything that is kept is kept, and long.</summary>
    private static SessionRecord FullSession()
    {
        var session = new SessionStory("1M80P3C84FFZZ", default, Client, null, "standard");
        for (var i = 0; i < 100; i++)
        {
            session.Begin(new(new(new string('a', 900), "example.org")), default);
            session.Accepted(Verb.Mail);
            for (var j = 0; j < 10; j++)
            {
                session.Asked(new(new(new string('b', 900), "gateway.test")));
                session.Accepted(Verb.Rcpt);
            }
            session.Refused(Verb.Data, new(554, 5, 1, "No valid recipients"));
        }
        session.CloseTransaction();
        return session;
    }

    private static readonly IPEndPoint Client = new(IPAddress.Parse("192.0.2.1"), 4711);

    private sealed class Unspeakable
    {
        public override string ToString() => throw new InvalidOperationException("unspeakable");
    }
}
