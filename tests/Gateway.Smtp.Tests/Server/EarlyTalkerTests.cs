namespace Gateway.Smtp.Tests.Server;

public class EarlyTalkerTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_client_that_waits_is_greeted_after_the_wait()
    {
        await using var driver = Listening(out var heard);
        driver.Start();
        driver.Time.Advance(Wait - TimeSpan.FromSeconds(1));
        Assert.Equal("", driver.Received());

        driver.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await heard.Task);
        Assert.Equal(SessionDriver.Greeting, driver.Received());
        Assert.Equal("250 2.0.0 OK\r\n", (await driver.AskAsync("EHLO a.example\r\nNOOP\r\n"))[^14..]);
        Assert.False(driver.Session.IsEarlyTalker);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_speaks_ends_the_wait_and_is_heard(bool beforeTheSession)
    {
        await using var driver = Listening(out var heard);
        if (beforeTheSession)
            await driver.SendAsync("QUIT\r\n");
        driver.Start();
        if (!beforeTheSession)
            await driver.SendAsync("QUIT\r\n");

        Assert.True(await heard.Task);
        Assert.Equal(SessionEnd.Quit, await driver.End);
        Assert.StartsWith(SessionDriver.Greeting + "221 ", driver.Received(), StringComparison.Ordinal);
        Assert.True(driver.Session.IsEarlyTalker);
    }

    [Fact]
    public async Task A_client_that_hangs_up_meanwhile_ends_the_session()
    {
        await using var driver = Listening(out var heard);
        driver.Start();

        await driver.Client.Output.CompleteAsync();

        Assert.False(await heard.Task);
        Assert.Equal(SessionEnd.Dropped, await driver.End);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait()
    {
        await using var driver = Listening(out var heard);
        driver.Start();

        driver.Stop();

        Assert.False(await heard.Task);
        Assert.Equal(SessionEnd.Stopping, await driver.End);
    }

    [Fact]
    public async Task The_wait_is_over_when_it_is_over()
    {
        await using var driver = Listening(out _);
        driver.Start();
        driver.Time.Advance(Wait);
        driver.Received();

        // The timer of the wait must not ring into the session behind it.
        driver.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Contains("250 2.0.0 OK\r\n", await driver.AskAsync("NOOP\r\n"), StringComparison.Ordinal);
    }

    private static SessionDriver Listening(out TaskCompletionSource<bool> heard)
    {
        var said = heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Session? session = null;
        var driver = new SessionDriver(new FakeHandler
        {
            GreetingWait = Wait,
            OnConnect = () =>
            {
                said.SetResult(session!.IsEarlyTalker);
                return new(new Reply(220, null, "mx.gateway.test ESMTP"));
            },
        });
        session = driver.Session;
        return driver;
    }
}
