using System.Net;
using Gateway.Hosting;
using Gateway.Inbound;
using Gateway.Smtp;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting;

/// <summary>What strangers say must neither forge nor flood the log.</summary>
public sealed class SessionLineTests
{
    private readonly Lines _lines = new();

    private static SessionRecord Record() =>
        new("S1", DateTimeOffset.UnixEpoch, new(IPAddress.Parse("192.0.2.1"), 25), null, "standard");

    private string Written(SessionRecord session)
    {
        SessionLine.Write(_lines, session);
        return Assert.Single(_lines.Written);
    }

    [Fact]
    public void A_quote_in_a_recipient_does_not_end_the_reply_that_names_it()
    {
        var session = Record();
        session.Refused(Verb.Rcpt, new(550, 7, 1, "Unable to relay for \"x\" delivered=1 reply=\"250\"@example.com"));

        Assert.Contains("""[RCPT "550 5.7.1 Unable to relay for \"x\" delivered=1 reply=\"250\"@example.com"]""", Written(session), StringComparison.Ordinal);
    }

    [Fact]
    public void A_smart_host_that_talks_without_end_is_quoted_in_part()
    {
        var session = Record();
        Assert.True(ForwardPath.TryParse("<bob@gateway.test>", out var recipient));
        var reply = new Reply(550, 0, 0, Enumerable.Repeat(new string('B', 500), 100));
        session.Message(new(default, [recipient], new()), 18, new(reply, null, 1, false, TimeSpan.Zero, null));

        Assert.InRange(Written(session).Length, 500, 2000);
    }

    [Fact]
    public void Control_characters_are_spelled_out()
    {
        var session = Record();
        session.Helo = new("a\r\nsession S2\u001b[31m", IsExtended: true);

        Assert.Contains("""helo=a\u000d\u000asession S2\u001b[31m """, Written(session), StringComparison.Ordinal);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
