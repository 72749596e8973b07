using System.Text;

namespace Gateway.Smtp.Tests.Client;

public class SendTests
{
    private readonly FakeServer _server = new();

    [Fact]
    public async Task A_message_takes_two_writes_to_a_server_with_PIPELINING()
    {
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);
        var text = Samples.TextOf(4096);

        var result = await client.SendAsync(Samples.EnvelopeTo("bob", "carol"), Samples.Message(text, "Received: here\r\n"), default);

        Assert.Equal("250 2.0.0 Taken", Assert.IsType<SendResult.Delivered>(result).Reply.ToString());
        Assert.Equal(
            [
                "EHLO gateway.test\r\n",
                "MAIL FROM:<ann@example.org> SIZE=4112\r\nRCPT TO:<bob@gateway.test>\r\nRCPT TO:<carol@gateway.test>\r\nDATA\r\n",
                "Received: here\r\n" + text + ".\r\n",
            ],
            stream.WrittenTexts);
    }

    [Fact]
    public async Task Without_PIPELINING_each_command_waits_for_its_answer()
    {
        _server.Keywords.Remove("PIPELINING");
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);

        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob", "carol"));

        Assert.Equal(6, stream.Writes.Count);
        Assert.All(stream.Writes.SkipLast(1), write => Assert.Equal(write.Length - 2, write.AsSpan().IndexOf("\r\n"u8)));
    }

    [Fact]
    public async Task Very_many_recipients_are_written_in_groups_and_the_message_once()
    {
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);
        string[] recipients = [.. Enumerable.Range(0, 5000).Select(i => $"recipient-{i}")];

        Assert.IsType<SendResult.Delivered>(await client.SendAsync(recipients));

        Assert.Equal(recipients, _server.Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)).Select(c => c[9..^14]));
        Assert.InRange(stream.Writes.Count, 4, 12);
        Assert.All(stream.Writes, write => Assert.InRange(write.Length, 1, 33_000));
        Assert.Single(_server.Messages);
    }

    [Theory]
    [InlineData("", "\r\n", ".\r\n")] // nothing at all: the dot stands on a line of its own already
    [InlineData("a\r\n", "a\r\n", ".\r\n")]
    [InlineData("a", "a\r\n", "\r\n.\r\n")]
    [InlineData("a\r", "a\r\r\n", "\r\n.\r\n")]
    public async Task The_final_CRLF_is_added_only_where_it_is_missing(string text, string received, string end)
    {
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);

        Assert.IsType<SendResult.Delivered>(
            await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(text), default));

        Assert.EndsWith(end, stream.WrittenTexts.Last(), StringComparison.Ordinal);
        if (text != "")
            Assert.Equal([received], _server.Texts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public async Task Dots_are_stuffed_at_every_border(int piece)
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        var text = "." + string.Concat(Enumerable.Repeat("\r\n.\r\n..\r\nx.\r\n", 12_000)) + "\r\n";
        var message = new OutgoingMessage(".P: q\r\n"u8.ToArray(), new PiecedContent(Encoding.ASCII.GetBytes("omit" + text), piece), [new(0, 4)]);

        Assert.IsType<SendResult.Delivered>(await client.SendAsync(Samples.EnvelopeTo("bob"), message, default));

        Assert.Equal(".P: q\r\n" + text, DotStufferTests.Unstuff(_server.Texts.Single()));
    }

    [Fact]
    public async Task The_end_of_data_never_travels_alone()
    {
        for (var length = 65_520; length < 65_545; length++)
        {
            var stream = new FakeServerStream(_server);
            await using var client = await Samples.ConnectAsync(stream);
            await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(Samples.TextOf(length)), default);
            Assert.NotEqual(".\r\n", stream.WrittenTexts.Last());
        }
    }

    [Fact]
    public async Task The_null_reverse_path_and_the_bare_postmaster_are_written_as_they_are()
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        var envelope = new Envelope(default, [Samples.To("Postmaster", "")], default);

        Assert.IsType<SendResult.Delivered>(await client.SendAsync(envelope, Samples.Message(), default));

        Assert.Contains($"MAIL FROM:<> SIZE={Samples.Text.Length}", _server.Commands);
        Assert.Contains("RCPT TO:<Postmaster>", _server.Commands);
    }

    [Fact]
    public async Task Nothing_in_an_address_becomes_a_command()
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var recipient = Assert.IsType<SendResult.Refused>(await client.SendAsync("bob", "x>\r\nRCPT TO:<carol"));
        var sender = Assert.IsType<SendResult.Refused>(await client.SendAsync(
            new Envelope(new(new Mailbox("a\nb", "example.org")), [Samples.To("bob")], default), Samples.Message(), default));

        Assert.Equal((Verb.Rcpt, 553), (recipient.Stage, recipient.Reply.Code));
        Assert.Equal((Verb.Mail, 553), (sender.Stage, sender.Reply.Code));
        Assert.Single(_server.Commands);
    }

    [Fact]
    public async Task One_connection_takes_many_messages()
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        for (var i = 0; i < 100; i++)
            Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));

        Assert.True(client.LooksAlive());
        Assert.Equal(100, _server.Texts.Count(text => text == Samples.Text));
        Assert.DoesNotContain("RSET", _server.Commands);
    }

    [Fact]
    public async Task QUIT_is_said_and_the_stream_closed()
    {
        var stream = new FakeServerStream(_server);
        var client = await Samples.ConnectAsync(stream);

        await client.QuitAsync();

        Assert.Equal("QUIT", _server.Commands[^1]);
        Assert.True(stream.IsDisposed);
        Assert.False(client.IsReusable);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync("bob"));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_QUIT_is_left()
    {
        _server.HangsAt = "QUIT";
        var time = new ManualTime();
        var stream = new FakeServerStream(_server);
        var client = await Samples.ConnectAsync(stream, time: time);
        var quitting = client.QuitAsync();
        await stream.Waiting;
        time.Advance(TimeSpan.FromSeconds(2));
        await quitting;
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task Over_a_real_socket_a_large_message_arrives_as_it_was()
    {
        await using var server = new TcpFakeServer(_server);
        await using var client = Assert.IsType<ConnectResult.Connected>(await server.ConnectAsync(Samples.Options)).Client;
        var text = Samples.TextOf(700_000);

        Assert.IsType<SendResult.Delivered>(await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(text, piece: 10_000), default));

        Assert.Equal([text], _server.Texts);
    }
}
