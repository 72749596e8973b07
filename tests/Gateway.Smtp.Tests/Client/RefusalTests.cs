namespace Gateway.Smtp.Tests.Client;

public class RefusalTests
{
    private readonly FakeServer _server = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_sender_is_the_verdict_whatever_follows(bool pipelining)
    {
        Offer(pipelining);
        _server.Answers.AddRange([
            ("MAIL", "550 5.1.8 Bad sender"), ("RCPT", "503 5.5.1 Need MAIL"), ("DATA", "503 5.5.1 Need RCPT")]);
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var refused = Assert.IsType<SendResult.Refused>(await client.SendAsync("bob"));

        Assert.Equal(("550 5.1.8 Bad sender", Verb.Mail), (refused.Reply.ToString(), refused.Stage));
        Assert.Null(refused.Recipient);
        Assert.True(client.IsReusable);
    }

    [Theory]
    [InlineData(true, "450 4.2.1 Busy", "550 5.1.1 Unknown", 1)] // a permanent refusal wins
    [InlineData(false, "450 4.2.1 Busy", "550 5.1.1 Unknown", 1)]
    [InlineData(true, "550 5.1.1 Unknown", "551 5.1.6 Moved", 0)] // the first of its kind
    [InlineData(false, "550 5.1.1 Unknown", "551 5.1.6 Moved", 0)]
    [InlineData(true, "450 4.2.1 Busy", "451 4.3.0 Trouble", 0)]
    [InlineData(false, "450 4.2.1 Busy", "451 4.3.0 Trouble", 0)]
    public async Task Of_several_refusals_the_weightiest_is_the_verdict(bool pipelining, string first, string second, int expected)
    {
        Offer(pipelining);
        _server.Answers.AddRange([("RCPT TO:<bob", first), ("RCPT TO:<carol", second), ("DATA", "554 5.5.1 No valid recipients")]);
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var refused = Assert.IsType<SendResult.Refused>(await client.SendAsync("bob", "carol"));

        Assert.Equal(expected == 0 ? first : second, refused.Reply.ToString());
        Assert.Equal((Verb.Rcpt, Samples.To(expected == 0 ? "bob" : "carol")), (refused.Stage, refused.Recipient));
        Assert.Empty(_server.Messages);
    }

    [Fact]
    public async Task A_partial_refusal_closes_the_connection_rather_than_deliver_to_some()
    {
        _server.Answers.Add(("RCPT TO:<carol", "550 5.1.1 Unknown"));
        var stream = new FakeServerStream(_server);
        var client = await Samples.ConnectAsync(stream);

        var refused = Assert.IsType<SendResult.Refused>(await client.SendAsync("bob", "carol"));

        Assert.Equal(Samples.To("carol"), refused.Recipient);
        Assert.Equal("DATA", _server.Commands[^1]); // answered 354; then neither body nor dot nor QUIT
        Assert.Empty(_server.Messages);
        Assert.False(client.IsReusable);
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task Without_an_open_DATA_a_refusal_keeps_the_connection()
    {
        Offer(pipelining: false);
        _server.Answers.Add(("RCPT TO:<bob", "550 5.1.1 Unknown"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.IsType<SendResult.Refused>(await client.SendAsync("bob"));
        Assert.Empty(_server.Messages);
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("dave"));

        Assert.Single(_server.Messages);
        var reset = _server.Commands.IndexOf("RSET");
        Assert.StartsWith("MAIL", _server.Commands[reset + 1], StringComparison.Ordinal);
        Assert.Equal(1, _server.Commands.Count(command => command == "RSET"));
    }

    [Fact]
    public async Task After_a_refused_DATA_the_RSET_travels_with_the_next_message()
    {
        _server.Answers.AddRange([("RCPT", "550 5.1.1 Unknown"), ("DATA", "554 5.5.1 No valid recipients")]);
        var stream = new FakeServerStream(_server);
        await using var client = await Samples.ConnectAsync(stream);

        Assert.Equal(Verb.Rcpt, Assert.IsType<SendResult.Refused>(await client.SendAsync("bob")).Stage);
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("carol"));

        Assert.Equal(4, stream.Writes.Count);
        Assert.StartsWith("RSET\r\nMAIL FROM:", stream.WrittenTexts.ElementAt(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DATA", "451 4.7.1 Greylisted")]
    [InlineData(".", "550 5.7.1 Spam")]
    [InlineData(".", "452 4.3.1 Full")]
    public async Task A_refusal_of_the_message_is_handed_on(string command, string reply)
    {
        _server.Answers.Add((command, reply));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var refused = Assert.IsType<SendResult.Refused>(await client.SendAsync("bob"));

        Assert.Equal((reply, Verb.Data), (refused.Reply.ToString(), refused.Stage));
        Assert.True(client.IsReusable);
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
    }

    [Theory]
    [InlineData("MAIL", true)]
    [InlineData("RCPT", true)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", true)]
    public async Task A_421_is_about_the_connection_and_refuses_neither_sender_nor_recipient(string command, bool pipelining)
    {
        Offer(pipelining);
        _server.Answers.Add((command, "421 4.3.2 Shutting down"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var failed = Assert.IsType<SendResult.Failed>(await client.SendAsync("bob"));

        Assert.Equal(("421 4.3.2 Shutting down", false), (failed.Farewell?.ToString(), failed.MayHaveBeenDelivered));
        Assert.Contains(command, failed.Reason, StringComparison.Ordinal);
        Assert.False(client.IsReusable);
        Assert.False(client.LooksAlive());
    }

    [Fact]
    public async Task A_421_to_the_message_refuses_it_for_now_and_the_connection_is_gone()
    {
        _server.Answers.Add((".", "421 4.3.2 Shutting down"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var refused = Assert.IsType<SendResult.Refused>(await client.SendAsync("bob"));

        Assert.Equal((421, Verb.Data, null), (refused.Reply.Code, refused.Stage, refused.Recipient));
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task A_refusal_counts_although_the_server_hangs_up_behind_it()
    {
        _server.Answers.Add(("RCPT", "550 5.7.1 No"));
        _server.ClosesAt = "DATA";
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal(Verb.Rcpt, Assert.IsType<SendResult.Refused>(await client.SendAsync("bob")).Stage);
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task A_message_larger_than_the_server_s_limit_is_not_tried()
    {
        _server.Keywords[1] = "SIZE 100";
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var refused = Assert.IsType<SendResult.Refused>(
            await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(Samples.TextOf(101)), default));

        Assert.Equal("5.3.4", refused.Reply.Status.ToString());
        Assert.Single(_server.Commands);
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
    }

    private void Offer(bool pipelining)
    {
        if (!pipelining)
            _server.Keywords.Remove("PIPELINING");
    }
}
