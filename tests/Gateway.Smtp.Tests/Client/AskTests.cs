namespace Gateway.Smtp.Tests.Client;

public sealed class AskTests
{
    private readonly FakeServer _server = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_answer_to_RCPT_is_the_answer_and_the_connection_carries_mail_afterwards(bool pipelining)
    {
        Offer(pipelining);
        _server.Answers.Add(("RCPT TO:<nobody", "550 5.1.1 Unknown"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal("550 5.1.1 Unknown", (await AnsweredAsync(client, "nobody")).ToString());
        Assert.True((await AnsweredAsync(client, "bob")).IsPositive);
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));

        Assert.True(client.IsReusable);
        Assert.Single(_server.Messages);
        Assert.Equal(["MAIL FROM:<>", "RCPT TO:<nobody@gateway.test>", "RSET", "MAIL FROM:<>", "RCPT TO:<bob@gateway.test>", "RSET"],
            _server.Commands.Skip(1).Take(6));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_sender_says_nothing_about_the_recipient(bool pipelining)
    {
        Offer(pipelining);
        _server.Answers.Add(("MAIL", "530 5.7.0 Authentication required"));
        if (pipelining)
            _server.Answers.Add(("RCPT", "503 5.5.1 Need MAIL"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var refused = Assert.IsType<AskResult.SenderRefused>(await AskAsync(client, Samples.To("bob")));

        Assert.Equal(530, refused.Reply.Code);
        Assert.True(client.IsReusable);
        Assert.True((await AnsweredAsync(client, "bob")).IsPositive);
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    public async Task A_connection_that_ends_instead_of_an_answer_is_a_failure(string command)
    {
        _server.ClosesAt = command;
        var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.IsType<AskResult.Failed>(await AskAsync(client, Samples.To("bob")));
        Assert.False(client.IsReusable);
    }

    [Theory]
    [InlineData("MAIL", "421 4.3.2 Closing")]
    [InlineData("RCPT", "421 4.3.2 Closing")]
    [InlineData("RCPT", "354 What?")]
    public async Task An_answer_that_ends_the_connection_or_makes_no_sense_is_a_failure(string command, string reply)
    {
        _server.Answers.Add((command, reply));
        var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.IsType<AskResult.Failed>(await AskAsync(client, Samples.To("bob")));
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task What_was_answered_before_the_connection_broke_is_an_answer()
    {
        _server.Answers.Add(("RCPT", "550 5.1.1 Unknown"));
        _server.ClosesAt = "RSET";
        var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal(550, (await AnsweredAsync(client, "bob")).Code);
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task Silence_ends_with_the_callers_patience()
    {
        _server.HangsAt = "RCPT";
        var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        using var patience = new CancellationTokenSource();

        var asking = client.AskAsync(Samples.To("bob"), patience.Token);
        await patience.CancelAsync();

        Assert.IsType<AskResult.Failed>(await asking);
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task An_internationalised_address_is_asked_for_with_SMTPUTF8_or_answered_here()
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        Assert.True((await AnsweredAsync(client, "böb")).IsPositive);
        Assert.Contains("MAIL FROM:<> SMTPUTF8", _server.Commands);

        _server.Keywords.Remove("SMTPUTF8");
        await using var without = await Samples.ConnectAsync(new FakeServerStream(_server));
        Assert.Equal(553, (await AnsweredAsync(without, "böb")).Code);
    }

    private void Offer(bool pipelining)
    {
        if (!pipelining)
            _server.Keywords.Remove("PIPELINING");
    }

    private static Task<AskResult> AskAsync(SmtpClient client, ForwardPath recipient) =>
        client.AskAsync(recipient, TestContext.Current.CancellationToken);

    private static async Task<Reply> AnsweredAsync(SmtpClient client, string name) =>
        Assert.IsType<AskResult.Answered>(await AskAsync(client, Samples.To(name))).Reply;
}
