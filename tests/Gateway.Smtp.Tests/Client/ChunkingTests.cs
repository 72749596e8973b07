using System.Text;

namespace Gateway.Smtp.Tests.Client;

public class ChunkingTests
{
    private readonly FakeServer _server = new() { Keywords = { "CHUNKING" } };

    [Fact]
    public async Task To_one_recipient_a_small_message_takes_one_round_trip()
    {
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);

        Assert.IsType<SendResult.Delivered>(
            await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(".a\r\n.\r\nb", "P: q\r\n"), default));

        Assert.Equal(
            "MAIL FROM:<ann@example.org> SIZE=14\r\nRCPT TO:<bob@gateway.test>\r\nBDAT 14 LAST\r\nP: q\r\n.a\r\n.\r\nb",
            stream.WrittenTexts.ElementAt(1));
        Assert.Equal(2, stream.Writes.Count);
        Assert.Equal(["P: q\r\n.a\r\n.\r\nb"], _server.Texts); // nothing stuffed, nothing added
    }

    [Fact]
    public async Task With_several_recipients_the_message_waits_for_their_answers()
    {
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);

        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob", "carol"));

        Assert.EndsWith("RCPT TO:<carol@gateway.test>\r\n", stream.WrittenTexts.ElementAt(1), StringComparison.Ordinal);
        Assert.StartsWith("BDAT ", stream.WrittenTexts.ElementAt(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    public async Task A_large_message_waits_for_the_answers_too_and_is_one_chunk(int piece)
    {
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);
        var text = Samples.TextOf(200_000);

        Assert.IsType<SendResult.Delivered>(
            await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(text, "P: q\r\n", piece), default));

        Assert.EndsWith("RCPT TO:<bob@gateway.test>\r\n", stream.WrittenTexts.ElementAt(1), StringComparison.Ordinal);
        Assert.Contains("BDAT 200006 LAST", _server.Commands);
        Assert.Equal(["P: q\r\n" + text], _server.Texts);
    }

    [Theory]
    [InlineData("MAIL", "250 ok\r\n250 and again", false, "RCPT's answer would pass for the message's")]
    [InlineData("BDAT", "250 taken\r\n421 and closing", true, "a server may close when it likes")]
    public async Task One_answer_too_many_is_no_delivery(string command, string reply, bool isDelivered, string reason)
    {
        _server.Answers.Add((command, reply));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var result = await client.SendAsync("bob");

        Assert.True(isDelivered ? result is SendResult.Delivered : result is SendResult.Failed { MayHaveBeenDelivered: true }, $"{reason}: {result}");
        Assert.False(client.IsReusable);
    }

    [Theory]
    [InlineData("MAIL", "550 5.1.8 No", Verb.Mail)]
    [InlineData("RCPT", "450 4.2.1 Later", Verb.Rcpt)]
    public async Task A_refusal_before_the_chunk_is_the_verdict_and_RSET_follows(string command, string reply, Verb stage)
    {
        _server.Answers.AddRange([(command, reply), ("BDAT", "503 5.5.1 No transaction")]);
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var refused = Assert.IsType<SendResult.Refused>(await client.SendAsync("bob"));

        Assert.Equal((reply, stage), (refused.Reply.ToString(), refused.Stage));
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("carol"));
        Assert.Equal("RSET", _server.Commands[^4]);
    }

    [Fact]
    public async Task A_refused_chunk_is_the_verdict_and_RSET_follows()
    {
        _server.Answers.Add(("BDAT", "554 5.6.0 Unwanted"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal(Verb.Bdat, Assert.IsType<SendResult.Refused>(await client.SendAsync("bob")).Stage);
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("carol"));
        Assert.Equal("RSET", _server.Commands[^4]);
    }

    [Fact]
    public async Task An_empty_message_is_an_empty_chunk()
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.IsType<SendResult.Delivered>(await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(""), default));

        Assert.Equal("BDAT 0 LAST", _server.Commands[^1]);
    }

    [Fact]
    public async Task Chunking_can_be_switched_off()
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server), Samples.Options with { UseChunking = false });

        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));

        Assert.Equal("DATA", _server.Commands[^1]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_message_that_is_not_as_long_as_it_said_never_completes(int difference)
    {
        var content = new LyingContent(Encoding.ASCII.GetBytes(Samples.Text), difference);
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);

        await Assert.ThrowsAsync<InvalidDataException>(
            () => client.SendAsync(Samples.EnvelopeTo("bob"), new OutgoingMessage(default, content, []), default));

        Assert.Empty(_server.Messages);
        Assert.True(stream.IsDisposed);
    }

    private sealed class LyingContent(byte[] octets, int difference) : MessageContent
    {
        private readonly PiecedContent _content = new(octets);

        public override long Length => octets.Length + difference;

        public override bool HasEightBit => false;

        public override bool EndsWithNewline => true;

        public override IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) =>
            _content.ReadAsync(cancellationToken);

        public override ValueTask DisposeAsync() => _content.DisposeAsync();
    }
}
