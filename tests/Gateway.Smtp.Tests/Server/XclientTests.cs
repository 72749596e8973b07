namespace Gateway.Smtp.Tests.Server;

public class XclientTests
{
    private const string Again = "220 mx.gateway.test ESMTP again\r\n";
    private const string Denied = "550 5.7.0 insufficient authorization\r\n";

    [Fact]
    public async Task It_is_announced_to_who_may_use_it_and_to_nobody_else()
    {
        await using var trusted = new SessionDriver(new() { MayXclient = true }).Start();
        await using var other = new SessionDriver().Start();
        const string ehlo = "EHLO client.example\r\n";
        Assert.Contains("250 XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT REVERSE_NAME\r\n", await trusted.AskAsync(ehlo), StringComparison.Ordinal);
        Assert.DoesNotContain("XCLIENT", await other.AskAsync(ehlo + "HELP\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(7)]
    [InlineData(1)]
    public async Task The_session_starts_over_however_it_is_cut(int pieces)
    {
        var handler = new FakeHandler { MayXclient = true };
        var (received, end) = await SessionDriver.PlayAsync(
            "EHLO proxy.example\r\nXCLIENT ADDR=192.0.2.1\r\nMAIL FROM:<ann@example.org>\r\nxclient name=a.example\r\nHELO client.example\r\n"
            + "MAIL FROM:<ann@example.org>\r\nXCLIENT ADDR=192.0.2.2\r\nQUIT\r\n", pieces, handler);

        Assert.EndsWith($"250 XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT REVERSE_NAME\r\n{Again}"
            + $"503 5.5.1 send HELO or EHLO first\r\n{Again}250 mx.gateway.test\r\n250 2.1.0 sender OK\r\n"
            + "503 5.5.1 a transaction has begun already; send RSET to end it\r\n221 2.0.0 mx.gateway.test closing connection\r\n", received, StringComparison.Ordinal);
        Assert.Equal(SessionEnd.Quit, end);
        Assert.Equal(
            ["helo proxy.example", "xclient ADDR=192.0.2.1", "xclient NAME=a.example", "helo client.example", "mail <ann@example.org>"], handler.Asked);
    }

    [Fact]
    public async Task Who_may_not_is_refused_in_every_phase_and_the_handler_is_not_asked()
    {
        var handler = new FakeHandler();
        await using var driver = new SessionDriver(handler).Start();
        Assert.Equal(SessionDriver.Greeting + Denied, await driver.AskAsync("XCLIENT ADDR=192.0.2.1\r\n"));
        await driver.AskAsync("HELO a\r\n");
        Assert.Equal(Denied + Denied, await driver.AskAsync("XCLIENT ADDR=192.0.2.1\r\nXCLIENT\r\n"));
        Assert.Equal(["helo a"], handler.Asked);
        Assert.Contains("Xclient 550 5.7.0 insufficient authorization", handler.Answers);
    }

    [Fact]
    public async Task A_refused_proxy_may_speak_for_a_better_client_and_a_good_one_for_a_refused_client()
    {
        var refusal = new Reply(554, null, "no mail from you");
        await using var driver = new SessionDriver(new()
        {
            MayXclient = true,
            OnConnect = () => new(refusal),
            OnXclient = said => said.ToString() == "ADDR=192.0.2.1" ? refusal : new(220, null, "welcome"),
        }).Start();
        Assert.Equal("554 no mail from you\r\n503 5.5.1 no mail from you\r\n", await driver.AskAsync("EHLO a\r\n"));
        Assert.Equal("220 welcome\r\n250 mx.gateway.test\r\n", await driver.AskAsync("XCLIENT ADDR=192.0.2.2\r\nHELO a\r\n"));
        Assert.Equal("554 no mail from you\r\n503 5.5.1 no mail from you\r\n", await driver.AskAsync("XCLIENT ADDR=192.0.2.1\r\nHELO a\r\n"));
    }

    [Fact]
    public async Task A_421_in_the_new_greeting_closes()
    {
        var (received, end) = await SessionDriver.PlayAsync(
            "XCLIENT ADDR=192.0.2.1\r\nNOOP\r\n", handler: new() { MayXclient = true, OnXclient = static _ => new(421, null, "later") });
        Assert.Equal((SessionDriver.Greeting + "421 later\r\n", SessionEnd.Closed), (received, end));
    }

    [Fact]
    public async Task The_budget_of_errors_is_not_filled_up_again()
    {
        const string wrong = "XCLIENT NONSENSE\r\n";
        var round = string.Concat(Enumerable.Repeat(wrong, 5)) + "XCLIENT ADDR=192.0.2.1\r\n";
        var (received, end) = await SessionDriver.PlayAsync(round + round + wrong, handler: new() { MayXclient = true });
        Assert.Equal(SessionEnd.TooManyErrors, end);
        Assert.EndsWith("421 4.7.0 too many errors; closing\r\n", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Early_talk_is_that_of_the_client_and_not_of_the_proxy()
    {
        await using var driver = new SessionDriver(new() { MayXclient = true });
        await driver.SendAsync("NOOP\r\n");
        driver.Start();
        Assert.True(driver.Session.IsEarlyTalker);
        await driver.AskAsync("XCLIENT ADDR=192.0.2.1\r\n");
        Assert.False(driver.Session.IsEarlyTalker);
        await driver.AskAsync("XCLIENT ADDR=192.0.2.1\r\nNOOP\r\n");
        Assert.True(driver.Session.IsEarlyTalker);
    }
}
