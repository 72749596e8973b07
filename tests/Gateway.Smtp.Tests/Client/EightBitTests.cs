namespace Gateway.Smtp.Tests.Client;

public class EightBitTests
{
    private const string EightBitText = "Subject: x\r\n\r\ncaf\xe9\r\n";

    private readonly FakeServer _server = new();

    [Theory]
    [InlineData(Samples.Text, BodyType.Unspecified, false)]
    [InlineData(Samples.Text, BodyType.SevenBit, false)]
    [InlineData(Samples.Text, BodyType.EightBitMime, true)] // declared
    [InlineData(EightBitText, BodyType.Unspecified, true)] // not declared, but so it is
    public async Task BODY_is_said_where_the_content_or_the_client_asks_for_it(string text, BodyType body, bool isSaid)
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var delivered = Assert.IsType<SendResult.Delivered>(await SendAsync(client, text, new(Body: body)));

        Assert.Equal(isSaid, _server.Commands[1].EndsWith(" BODY=8BITMIME", StringComparison.Ordinal));
        Assert.False(delivered.EightBitUnannounced);
    }

    [Fact]
    public async Task Without_8BITMIME_the_octets_go_unchanged_and_the_result_says_so()
    {
        _server.Keywords.Remove("8BITMIME");
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.True(Assert.IsType<SendResult.Delivered>(await SendAsync(client, EightBitText)).EightBitUnannounced);
        Assert.False(Assert.IsType<SendResult.Delivered>(await SendAsync(client, Samples.Text)).EightBitUnannounced);
        Assert.Equal([EightBitText, Samples.Text], _server.Texts);
        Assert.DoesNotContain(_server.Commands, command => command.Contains("BODY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_8BITMIME_the_octets_can_be_refused()
    {
        _server.Keywords.Remove("8BITMIME");
        var options = Samples.Options with { RefuseUnannouncedEightBit = true };
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server), options);

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync(client, EightBitText));

        Assert.Equal((554, "5.6.3"), (refused.Reply.Code, refused.Reply.Status.ToString()));
        Assert.IsType<SendResult.Delivered>(await SendAsync(client, Samples.Text));
    }

    [Theory]
    [InlineData("jürgen", false)]
    [InlineData("bob", true)]
    public async Task SMTPUTF8_is_said_where_an_address_or_the_client_asks_for_it(string recipient, bool isDeclared)
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.IsType<SendResult.Delivered>(await SendAsync(client, Samples.Text, new(SmtpUtf8: isDeclared), recipient));

        Assert.EndsWith(" SMTPUTF8", _server.Commands[1], StringComparison.Ordinal);
        Assert.Equal($"RCPT TO:<{recipient}@gateway.test>", _server.Commands[2]);
    }

    [Fact]
    public async Task Without_SMTPUTF8_an_address_that_needs_it_is_refused_and_others_are_not()
    {
        _server.Keywords.Remove("SMTPUTF8");
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        var recipient = Assert.IsType<SendResult.Refused>(await SendAsync(client, Samples.Text, new(SmtpUtf8: true), "jürgen"));
        var sender = Assert.IsType<SendResult.Refused>(await client.SendAsync(
            new Envelope(new(new Mailbox("ann", "bücher.example")), [Samples.To("bob")], default), Samples.Message(), default));

        Assert.Equal(("5.6.7", Verb.Rcpt, Samples.To("jürgen")), (recipient.Reply.Status.ToString(), recipient.Stage, recipient.Recipient));
        Assert.Equal((553, Verb.Mail), (sender.Reply.Code, sender.Stage));
        Assert.IsType<SendResult.Delivered>(await SendAsync(client, Samples.Text, new(SmtpUtf8: true)));
        Assert.DoesNotContain("SMTPUTF8", _server.Commands[1], StringComparison.Ordinal);
    }

    private static Task<SendResult> SendAsync(SmtpClient client, string text, MailParameters parameters = default, string recipient = "bob") =>
        client.SendAsync(new Envelope(Samples.Sender, [Samples.To(recipient)], parameters), Samples.Message(text), default);
}
