namespace Gateway.Smtp.Tests.Server;

/// <summary>What the one state of a connection says, whatever was refused on the way.</summary>
public class SessionStateTests
{
    private static readonly SmtpServerOptions Options = SessionDriver.Options with { MaxErrors = 12, MaxJunkCommands = 2, MaxUnknownRecipients = 2, MaxFailedLogins = 3 };

    [Fact]
    public async Task The_introduction_is_the_accepted_helo_and_while_there_is_none_the_refused_one()
    {
        var handler = new FakeHandler { OnHelo = static helo => helo.Name == "bad" ? new Reply(550, null, "no") : null };
        await using var driver = new SessionDriver(handler).Start();
        Assert.Null(driver.Session.Introduction);
        await driver.AskAsync("EHLO bad\r\n");
        Assert.Equal(("bad", null), (driver.Session.Introduction?.Name, driver.Session.Helo));
        await driver.AskAsync("EHLO good\r\n");
        await driver.AskAsync("EHLO bad\r\n");
        Assert.Equal(("good", "good"), (driver.Session.Introduction?.Name, driver.Session.Helo?.Name));
    }

    [Fact]
    public async Task Another_client_has_said_nothing_yet()
    {
        await using var driver = await new SessionDriver(new() { MayXclient = true }).ReadyAsync();
        await driver.AskAsync("XCLIENT ADDR=192.0.2.1\r\n");
        Assert.Equal((null, null, null), (driver.Session.Helo, driver.Session.Introduction, driver.Session.Transaction));
    }

    [Fact]
    public void Before_helo_ten_errors_are_enough()
    {
        var (early, greeted) = (new SessionLimits(Options), new SessionLimits(Options));
        Assert.Equal((10, 12), (Allowed(() => early.AllowError(isBeforeHelo: true)), Allowed(() => greeted.AllowError(isBeforeHelo: false))));
    }

    [Fact]
    public void A_message_that_is_taken_begins_the_count_of_idle_commands_anew_and_a_refused_one_counts()
    {
        var limits = new SessionLimits(Options);
        Assert.True(limits.AllowIdleCommand() && limits.AllowIdleCommand());
        limits.CountMessage(isTaken: true);
        Assert.Equal(2, Allowed(limits.AllowIdleCommand));
        limits.CountMessage(isTaken: true);
        for (var i = 0; i < 3; i++)
            limits.CountMessage(isTaken: false);
        Assert.True(limits.AreIdleCommandsSpent);
    }

    [Fact]
    public void Another_client_begins_the_counts_of_commands_and_recipients_anew_but_not_those_of_logins_and_errors()
    {
        var limits = new SessionLimits(Options);
        Assert.Equal((2, 2, 2, 12), (Allowed(limits.AllowIdleCommand), Allowed(limits.AllowUnknownRecipient), Allowed(limits.AllowFailedLogin), Allowed(() => limits.AllowError(isBeforeHelo: false))));

        limits.StartOver();

        Assert.Equal((2, 2, 0, 0), (Allowed(limits.AllowIdleCommand), Allowed(limits.AllowUnknownRecipient), Allowed(limits.AllowFailedLogin), Allowed(() => limits.AllowError(isBeforeHelo: false))));
    }

    [Theory]
    [InlineData("01KK1A2B3C4D5", "450 4.2.0 later; id=01KK1A2B3C4D5")]
    [InlineData(null, "450 4.2.0 later")]
    public void A_refusal_is_signed_where_the_session_has_an_id(string? id, string expected) =>
        Assert.Equal(expected, new Session(Options) { Id = id }.Signed(new(450, 2, 0, "later")).ToString());

    /// <summary>How often it is allowed in a row.</summary>
    private static int Allowed(Func<bool> allow) => Enumerable.Range(0, 100).TakeWhile(_ => allow()).Count();
}
