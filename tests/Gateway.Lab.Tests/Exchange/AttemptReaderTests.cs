using Gateway.Lab.Exchange;

namespace Gateway.Lab.Tests.Exchange;

public sealed class AttemptReaderTests
{
    [Fact]
    public void A_refused_greeting_fails_the_message_that_was_never_named()
    {
        var attempt = Assert.Single(Dialogue.Read("S: 554 no", "C: EHLO mail.source.com", "S: 503 5.5.1 no", "C: QUIT", "S: 221 bye"));

        Assert.Equal(("mail.source.com", null, "user@source.com"), (attempt.Server, attempt.RemoteHost, attempt.Sender));
        var failure = Assert.Single(attempt.Failures);
        Assert.Equal(("user@destination.com", DeliveryStage.Greeting, null, 554), (failure.Recipient, failure.Stage, failure.Command, failure.Reply!.Code));
    }

    [Fact]
    public void Replies_find_their_commands_when_the_client_does_not_wait()
    {
        var attempt = Assert.Single(Dialogue.Read(
            "S: 220-mx.example ESMTP", "S: 220 ready", "C: EHLO a.example", "S: 250-mx.example", "S: 250 PIPELINING",
            "C: MAIL FROM:<ann@a.example> SIZE=9", "C: RCPT TO:<bob@b.example>", "C: RCPT TO:<eve@b.example>", "C: DATA",
            "S: 250 2.1.0 ok", "S: 250 2.1.5 ok", "S: 550 5.1.1 User unknown", "S: 354 go", "C: 550 is a line of the message", "C: .", "S: 250 2.0.0 ok"));

        Assert.Equal(("a.example", "mx.example", "ann@a.example"), (attempt.Server, attempt.RemoteHost, attempt.Sender));
        var failure = Assert.Single(attempt.Failures);
        Assert.Equal(("eve@b.example", DeliveryStage.Recipient, "RCPT TO:<eve@b.example>"), (failure.Recipient, failure.Stage, failure.Command));
    }

    [Fact]
    public void A_message_that_is_refused_at_its_end_reaches_none_of_its_recipients()
    {
        var attempt = Assert.Single(Dialogue.Read(
            "S: 220 mx", "C: MAIL FROM:<a@a.example>", "S: 250 ok", "C: RCPT TO:<b@b.example>", "S: 250 ok", "C: RCPT TO:<c@b.example>", "S: 250 ok",
            "C: DATA", "S: 354 go", "C: hello", "C: .", "S: 554 5.4.6 loop"));

        Assert.Equal(["b@b.example", "c@b.example"], attempt.Failures.Select(failure => failure.Recipient));
        Assert.All(attempt.Failures, failure => Assert.Equal((DeliveryStage.Message, "DATA"), (failure.Stage, failure.Command)));
    }

    [Theory]
    [InlineData("what BDAT carries is not taken for commands", "C: BDAT 8 LAST", "C: QUIT x", "S: 552 5.3.4 too big")]
    [InlineData("a connection that breaks has no reply", "C: DATA")]
    [InlineData("nor has one that the server closes of its own accord", "S: 421 4.4.2 bye")]
    public void What_was_accepted_at_RCPT_may_still_fail(string reason, params string[] rest)
    {
        var attempt = Assert.Single(Dialogue.Read(["S: 220 mx", "C: MAIL FROM:<a@a.example>", "S: 250 ok", "C: RCPT TO:<b@b.example>", "S: 250 ok", .. rest]));

        Assert.True(attempt.Failures is [{ Recipient: "b@b.example", Stage: DeliveryStage.Message }], reason);
    }

    [Theory]
    [InlineData("a message that was taken", "C: DATA", "S: 354 go", "C: hello", "C: .", "S: 250 ok", "C: QUIT", "S: 221 bye")]
    [InlineData("one that was never sent", "C: RSET", "S: 250 ok", "C: QUIT", "S: 221 bye")]
    [InlineData("a server that does not answer QUIT", "C: QUIT")]
    public void There_is_nothing_to_tell_of(string reason, params string[] rest) =>
        Assert.True(Dialogue.Read(["S: 220 mx", "C: EHLO a", "S: 502 no", "C: HELO a", "S: 250 ok", "C: MAIL FROM:<a@a.example>", "S: 250 ok",
            "C: RCPT TO:<b@b.example>", "S: 250 ok", .. rest]).Count == 0, reason);

    [Fact]
    public void A_refused_login_fails_the_message_unless_a_later_one_succeeds()
    {
        string[] refused = ["S: 220 mx", "C: EHLO a", "S: 250 ok", "C: AUTH LOGIN", "S: 334 VXNlcjo=", "C: YW5u", "S: 334 UGFzczo=", "C: ****", "S: 535 5.7.8 no"];
        Assert.Equal(DeliveryStage.Authentication, Assert.Single(Assert.Single(Dialogue.Read([.. refused, "C: QUIT", "S: 221 bye"])).Failures).Stage);

        Assert.Empty(Dialogue.Read([.. refused, "C: AUTH PLAIN ****", "S: 235 2.7.0 yes", "C: QUIT", "S: 221 bye"]));
    }

    [Fact]
    public void Each_connection_stands_for_itself()
    {
        var attempts = Dialogue.Read("S: 554 no", "C: QUIT", "S: 221 bye", "S: 220 mx", "C: EHLO b", "S: 250 ok", "C: MAIL FROM:<a@a.example>", "S: 450 later", "C: QUIT", "S: 221 bye");

        Assert.Equal([DeliveryStage.Greeting, DeliveryStage.Sender], attempts.Select(attempt => attempt.Failures[0].Stage));
        Assert.Equal([null, "mx"], attempts.Select(attempt => attempt.RemoteHost));
    }

    [Theory]
    [InlineData("S: what is this")]
    [InlineData("S: 999 what is this")]
    [InlineData("C: MAIL", "S: 501 no")]
    [InlineData("S: 220", "C: ", "S: 500 no", "C: EHLO", "S: 501 no", "C: RCPT", "S: 503 no", "C: .", "S: 500 no")]
    public void What_is_no_SMTP_is_no_failure_of_the_reader(params string[] lines) => Dialogue.Read(lines);
}
