namespace Gateway.Smtp.Tests.Server;

public class DeadlineTests
{
    private const string TimedOut = "421 4.4.2 timeout; closing\r\n";

    [Fact]
    public async Task A_silent_client_is_told_and_closed()
    {
        await using var driver = await new SessionDriver().ReadyAsync();
        driver.Received();
        driver.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Equal("250 2.0.0 OK\r\n", await driver.AskAsync("NOOP\r\n"));
        driver.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Equal("", driver.Received());
        driver.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimedOut, driver.Received());
        Assert.Equal(SessionEnd.TimedOut, await driver.End);
    }

    [Fact]
    public async Task Dripping_octets_of_a_command_move_nothing()
    {
        await using var driver = await new SessionDriver().ReadyAsync();
        driver.Received();
        for (var i = 0; i < 5; i++)
        {
            driver.Time.Advance(TimeSpan.FromMinutes(1));
            await driver.SendAsync("N");
        }
        Assert.Equal(TimedOut, driver.Received());
        Assert.Equal(SessionEnd.TimedOut, await driver.End);
    }

    [Fact]
    public async Task Silence_within_a_message_is_shorter()
    {
        await using var driver = await new SessionDriver().WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        driver.Time.Advance(TimeSpan.FromMinutes(2));
        await driver.SendAsync("text\r\n");
        driver.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("", driver.Received());
        driver.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimedOut, driver.Received());
        Assert.Equal(SessionEnd.TimedOut, await driver.End);
        Assert.Empty(driver.Handler.Messages);
    }

    [Fact]
    public async Task A_message_has_a_time_in_all()
    {
        await using var driver = await new SessionDriver().WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        for (var i = 0; i < 29; i++)
        {
            driver.Time.Advance(TimeSpan.FromMinutes(1));
            await driver.SendAsync("drip\r\n");
        }
        Assert.Equal("", driver.Received());
        driver.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimedOut, driver.Received());
    }

    [Fact]
    public async Task The_handler_may_take_its_time()
    {
        var delivery = new TaskCompletionSource<Reply>();
        await using var driver = await new SessionDriver(new FakeHandler { OnMessage = _ => new(delivery.Task) }).WithRecipientAsync();
        await driver.AskAsync("DATA\r\n.\r\n");
        driver.Time.Advance(TimeSpan.FromHours(2));
        delivery.SetResult(FakeHandler.Ok);
        Assert.Equal("250 2.0.0 OK\r\n", driver.Received());
        driver.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("250 2.0.0 OK\r\n", await driver.AskAsync("NOOP\r\n"));
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_replies_is_closed()
    {
        await using var driver = new SessionDriver(new FakeHandler { IsOwnClient = true }, pauseOutputAt: 4096);
        var turns = new Turns();
        turns.Run(() => driver.Start());
        turns.Run(() => _ = driver.SendAsync(string.Concat(Enumerable.Repeat("NOOP\r\n", 2000))));
        Assert.False(driver.End.IsCompleted);
        turns.Run(() => driver.Time.Advance(TimeSpan.FromMinutes(5)));
        Assert.Equal(SessionEnd.TimedOut, await driver.End);
    }

    [Fact]
    public async Task A_server_that_stops_tells_idle_clients()
    {
        await using var driver = await new SessionDriver().ReadyAsync();
        driver.Received();
        driver.Stop();
        Assert.Equal("421 4.3.2 the server is stopping; try again later\r\n", driver.Received());
        Assert.Equal(SessionEnd.Stopping, await driver.End);
    }

    [Fact]
    public async Task A_server_that_stops_while_the_session_looks_for_a_command_tells_it()
    {
        using var stopping = new CancellationTokenSource();
        var stops = false;
        var (server, client, _) = DuplexPipe.CreatePair();
        // It has looked whether the server stops, and does not wait yet.
        var input = new WatchedReader(server.Input) { OnTryRead = () => { if (stops) stopping.Cancel(); } };
        var session = new SmtpSession(new DuplexPipe(input, server.Output), new Session(SessionDriver.Options), new FakeHandler(), new ManualTime());
        var end = session.RunAsync(stopping.Token, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
        stops = true;
        await client.Output.WriteAsync("NO"u8.ToArray());
        Assert.Equal(SessionEnd.Stopping, await end);
    }

    [Fact]
    public async Task A_server_that_stops_finishes_a_message()
    {
        await using var driver = await new SessionDriver().WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        driver.Stop();
        Assert.False(driver.End.IsCompleted);
        Assert.Equal(
            "250 2.0.0 OK\r\n421 4.3.2 the server is stopping; try again later\r\n", await driver.AskAsync("text\r\n.\r\n"));
        Assert.Equal(SessionEnd.Stopping, await driver.End);
        Assert.Single(driver.Handler.Messages);
    }

    [Fact]
    public async Task A_server_that_dies_finishes_nothing()
    {
        await using var driver = await new SessionDriver().WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        driver.Abort();
        Assert.Equal(SessionEnd.Stopping, await driver.End);
        Assert.Equal("", driver.Received());
    }
}
