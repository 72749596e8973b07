using System.Text;

namespace Gateway.Smtp.Tests.Client;

/// <summary>What tools need of the connection that the relay uses: lines as they come, raw octets, and a QUIT after an interruption.</summary>
public sealed class SmtpConnectionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly FakeServer _server = new();
    private readonly List<string> _lines = [];

    private void Sent(ReadOnlySpan<byte> line) => _lines.Add($"C: {Encoding.Latin1.GetString(line)}");

    private void Received(ReadOnlySpan<byte> line) => _lines.Add($"S: {Encoding.Latin1.GetString(line)}");

    private SmtpDialogue Dialogue(SmtpConnection connection) => new(connection, Limit, Sent, Received);

    [Fact]
    public async Task Both_sides_of_a_dialogue_are_seen_line_by_line_and_secrets_are_hidden()
    {
        _server.Keywords.Clear();
        _server.Keywords.AddRange(["SIZE", "AUTH PLAIN"]);
        await using var connection = SmtpConnection.Over(new FakeServerStream(_server) { ReadLimit = 3 }, TimeProvider.System);
        var dialogue = Dialogue(connection);

        await dialogue.ReadReplyAsync();
        var ehlo = await dialogue.AskAsync("EHLO client.example");
        await dialogue.AskAsync("AUTH PLAIN c2VjcmV0", "AUTH PLAIN ****");

        Assert.Equal(["fake", "SIZE", "AUTH PLAIN"], ehlo.Lines);
        Assert.Equal("AUTH PLAIN c2VjcmV0", _server.Commands[^1]);
        Assert.Equal(
            ["S: 220 fake ESMTP\r\n", "C: EHLO client.example", "S: 250-fake\r\n", "S: 250-SIZE\r\n", "S: 250 AUTH PLAIN\r\n", "C: AUTH PLAIN ****", "S: 250 2.0.0 OK\r\n"],
            _lines);
    }

    [Theory]
    [InlineData("250-half a reply\r\n250-and hal", "S: 250-half a reply\r\n|S: 250-and hal", SmtpConnectionFailure.Lost, "a reply without end")]
    [InlineData("250-good\r\nno SMTP\r\n250 more\r\n", "S: 250-good\r\n|S: no SMTP\r\n", SmtpConnectionFailure.OutOfStep, "a line that is no reply")]
    public async Task What_came_of_a_reply_that_is_none_is_seen_too(string said, string seen, SmtpConnectionFailure failure, string reason)
    {
        _server.Greeting = "";
        var stream = new FakeServerStream(_server) { IsDeaf = true };
        stream.Say(Encoding.Latin1.GetBytes(said));
        await using var connection = SmtpConnection.Over(stream, TimeProvider.System);

        var thrown = await Assert.ThrowsAsync<SmtpConnectionException>(async () => await Dialogue(connection).ReadReplyAsync());

        Assert.True(thrown.Failure == failure, reason);
        Assert.Equal(seen.Split('|'), _lines);
    }

    [Fact]
    public async Task A_reply_can_be_read_again_by_whoever_gets_the_connection()
    {
        _server.Answers.Add(("XCLIENT", "220-for somebody else\r\n220 hello"));
        await using var connection = SmtpConnection.Over(new FakeServerStream(_server), TimeProvider.System);
        var claim = new SmtpDialogue(connection, Limit);
        await claim.ReadReplyAsync();
        await claim.AskAsync("XCLIENT ADDR=192.0.2.1");

        connection.ReadReplyAgain();

        Assert.Equal(["for somebody else", "hello"], (await Dialogue(connection).ReadReplyAsync()).Lines);
        Assert.Equal(["S: 220-for somebody else\r\n", "S: 220 hello\r\n"], _lines);
    }

    [Theory]
    [InlineData("one\r\ntwo\nthree", "one\r\n|two\n|three|", "the last line has no end")]
    [InlineData("", "", "nothing")]
    public async Task Lines_are_read_whatever_they_are(string said, string lines, string reason)
    {
        _server.Greeting = "";
        var stream = new FakeServerStream(_server) { IsDeaf = true, ReadLimit = 4 };
        stream.Say(Encoding.Latin1.GetBytes(said));
        await using var connection = SmtpConnection.Over(stream, TimeProvider.System);
        foreach (var line in lines.Split('|'))
            Assert.True(line == Encoding.Latin1.GetString((await connection.ReadLineAsync("test", Limit)).Span), reason);
    }

    [Theory]
    [InlineData(true, "a tool waits for as long as the server goes on sending")]
    [InlineData(false, "a relay waits for a whole reply")]
    public async Task A_limit_is_for_the_silence_or_for_the_whole_reply(bool limitsSilence, string reason)
    {
        _server.Greeting = "";
        var time = new ManualTime();
        var stream = new FakeServerStream(_server);
        await using var connection = SmtpConnection.Over(stream, time);
        connection.LimitsSilence = limitsSilence;
        var seen = new SemaphoreSlim(0);
        connection.Observer = _ => seen.Release();
        var reading = connection.ReadReplyAsync("greeting", Limit).AsTask();
        await stream.Waiting;

        time.Advance(Limit * 0.75);
        stream.Say("220-first\r\n"u8);
        await seen.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(Limit * 0.75);
        stream.Say("220 second\r\n"u8);

        if (limitsSilence)
            Assert.True(await reading == 220, reason);
        else
            Assert.Equal(SmtpConnectionFailure.TimedOut, (await Assert.ThrowsAsync<SmtpConnectionException>(() => reading)).Failure);
    }

    [Fact]
    public async Task A_dialogue_that_was_interrupted_still_ends_with_QUIT()
    {
        _server.HangsAt = "MAIL";
        var stream = new FakeServerStream(_server);
        await using var connection = SmtpConnection.Over(stream, TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        await using var ended = connection.EndWith(cancel.Token);
        var dialogue = Dialogue(connection);
        await dialogue.ReadReplyAsync();
        var asking = dialogue.AskAsync("MAIL FROM:<>").AsTask();
        await stream.Waiting;
        await cancel.CancelAsync();
        Assert.Equal(SmtpConnectionFailure.Cancelled, (await Assert.ThrowsAsync<SmtpConnectionException>(() => asking)).Failure);

        stream.Say("221 2.0.0 Bye\r\n"u8);
        await dialogue.QuitAsync(Limit);

        Assert.Equal("QUIT", _server.Commands[^1]);
        Assert.Equal("S: 221 2.0.0 Bye\r\n", _lines[^1]);
    }

    [Fact]
    public async Task Octets_are_written_as_they_are_even_when_the_server_has_said_more_than_it_was_asked()
    {
        _server.Greeting = "220 fake\r\n250 nobody asked";
        var stream = new FakeServerStream(_server);
        await using var connection = SmtpConnection.Over(stream, TimeProvider.System);
        await connection.ReadReplyAsync("greeting", Limit);

        await connection.WriteAsync("\0\r\n.\n"u8.ToArray(), "test", Limit);

        Assert.Equal("\0\r\n.\n", Assert.Single(stream.WrittenTexts));
    }
}
