namespace Gateway.Smtp.Tests.Client;

public sealed class RecipientCheckTests
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
    public async Task Several_are_asked_for_at_once_each_with_an_answer_of_its_own(bool pipelining)
    {
        Offer(pipelining);
        _server.Keywords.Remove("SMTPUTF8");
        _server.Answers.Add(("RCPT TO:<nobody", "550 5.1.1 Unknown"));
        _server.Answers.Add(("RCPT TO:<full", "452 4.2.2 Full"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal(["250", "550", "553", "452", "250"], await AskAllAsync(client, "ann", "nobody", "böb", "full", "bob"));

        Assert.Equal(4, _server.Commands.Count(static command => command == "MAIL FROM:<>"));
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whose_answers_came_before_the_connection_ended_are_answered_and_the_others_failed(bool pipelining)
    {
        Offer(pipelining);
        _server.Answers.Add(("RCPT TO:<bob", "421 4.7.0 Too many errors"));
        var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal(["250", "Failed", "Failed"], await AskAllAsync(client, "ann", "bob", "carol"));
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task A_connection_is_worn_before_its_server_has_refused_ten_commands_and_fresh_after_a_message()
    {
        _server.Answers.AddRange(Enumerable.Repeat(("RCPT TO:<nobody", "550 5.1.1 Unknown"), 9));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        await AskAllAsync(client, "nobody", "nobody", "nobody", "nobody");
        Assert.False(client.IsDueForReplacement);
        await client.SendAsync("bob");

        await AskAllAsync(client, "nobody", "nobody", "nobody", "nobody");
        Assert.False(client.IsDueForReplacement);
        await AskAllAsync(client, "nobody");
        Assert.True(client.IsDueForReplacement);
    }

    [Fact]
    public async Task A_connection_is_worn_before_its_server_has_heard_a_hundred_RSETs()
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        var count = 0;
        for (; !client.IsDueForReplacement; count += SmtpClient.MostChecks)
            await AskAllAsync(client, "ann", "bob", "carol", "dave", "eve");

        Assert.InRange(count, 90, 100);
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

        var refused = Assert.IsType<RecipientCheckResult.SenderRefused>(await AskAsync(client, Samples.To("bob")));

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

        Assert.IsType<RecipientCheckResult.Failed>(await AskAsync(client, Samples.To("bob")));
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

        Assert.IsType<RecipientCheckResult.Failed>(await AskAsync(client, Samples.To("bob")));
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

    [Theory]
    [InlineData("250 stale\r\n550 5.7.1 Not you\r\n503 5.5.1 Need MAIL\r\n", "the refusal of the sender, in the place of the recipient's answer")]
    [InlineData("250 stale\r\n250 mail\r\n550 5.1.1 Unknown\r\n", "the recipient's answer in the place of RSET's")]
    public async Task Where_RSET_is_not_answered_250_the_replies_have_shifted_and_no_answer_counts(string replies, string reason)
    {
        const string question = "MAIL FROM:<>\r\nRCPT TO:<bob@gateway.test>\r\nRSET\r\n";
        await using var peer = ScriptedPeer.Greeting((question, replies));
        await using var client = await peer.ConnectAsync();

        Assert.True(await AskAsync(client, Samples.To("bob")) is RecipientCheckResult.Failed, reason);
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task Silence_ends_with_the_callers_patience()
    {
        _server.HangsAt = "RCPT";
        var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        using var patience = new CancellationTokenSource();

        var asking = AskAsync(client, Samples.To("bob"), patience.Token);
        await patience.CancelAsync();

        Assert.IsType<RecipientCheckResult.Failed>(await asking);
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

    private static Task<RecipientCheckResult> AskAsync(SmtpClient client, ForwardPath recipient) =>
        AskAsync(client, recipient, TestContext.Current.CancellationToken);

    private static async Task<RecipientCheckResult> AskAsync(SmtpClient client, ForwardPath recipient, CancellationToken cancellationToken)
    {
        RecipientCheckResult answer = null!;
        await client.CheckRecipientsAsync([recipient], (_, result) => answer = result, cancellationToken);
        return answer;
    }

    private static async Task<List<string>> AskAllAsync(SmtpClient client, params string[] names)
    {
        var heard = new List<string>();
        await client.CheckRecipientsAsync([.. names.Select(name => Samples.To(name))], (place, result) =>
        {
            Assert.Equal(heard.Count, place);
            heard.Add(result is RecipientCheckResult.Answered { Reply.Code: var code } ? $"{code}" : result.GetType().Name);
        }, TestContext.Current.CancellationToken);
        return heard;
    }

    private static async Task<Reply> AnsweredAsync(SmtpClient client, string name) =>
        Assert.IsType<RecipientCheckResult.Answered>(await AskAsync(client, Samples.To(name))).Reply;
}
