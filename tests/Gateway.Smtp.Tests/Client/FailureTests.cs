using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Smtp.Tests.Client;

public class FailureTests
{
    private readonly FakeServer _server = new();

    [Theory]
    [InlineData("MAIL", false)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", false)]
    [InlineData(".", true)] // RFC 1047: nobody knows
    public async Task A_dropped_connection_fails_and_says_whether_the_message_may_be_out(string command, bool mayBeDelivered)
    {
        _server.ClosesAt = command;
        var stream = new FakeServerStream(_server);
        var client = await Samples.ConnectAsync(stream);

        var failed = Assert.IsType<SendResult.Failed>(await client.SendAsync("bob"));

        Assert.Equal(mayBeDelivered, failed.MayHaveBeenDelivered);
        Assert.False(client.IsReusable);
        Assert.True(stream.IsDisposed);
    }

    [Theory]
    [InlineData("MAIL", 300, false)]
    [InlineData("RCPT", 300, false)]
    [InlineData("DATA", 120, false)]
    [InlineData(".", 600, true)]
    public async Task A_hung_server_fails_when_its_phase_has_run_out(string command, int seconds, bool mayBeDelivered)
    {
        _server.HangsAt = command;
        var time = new ManualTime();
        var stream = new FakeServerStream(_server);
        var client = await Samples.ConnectAsync(stream, time: time);
        time.Advance(TimeSpan.FromDays(1)); // no timer runs on an idle connection
        Assert.True(client.LooksAlive());

        var sending = client.SendAsync("bob");
        await stream.Waiting;
        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        var failed = Assert.IsType<SendResult.Failed>(await sending);
        Assert.Equal(mayBeDelivered, failed.MayHaveBeenDelivered);
        Assert.Contains($"{seconds} s", failed.Reason, StringComparison.Ordinal);
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task A_cancelled_message_fails_and_says_whether_it_may_be_out()
    {
        _server.HangsAt = ".";
        using var cancel = new CancellationTokenSource();
        var stream = new FakeServerStream(_server);
        var client = await Samples.ConnectAsync(stream);
        var sending = client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(), cancel.Token);
        await stream.Waiting;
        await cancel.CancelAsync();

        Assert.Equal(new SendResult.Failed("end of data: cancelled", true), await sending);
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task A_cancellation_after_the_end_does_not_spend_the_connection()
    {
        using var cancel = new CancellationTokenSource();
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));
        await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(), cancel.Token);
        await cancel.CancelAsync();

        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
    }

    [Theory]
    [InlineData("MAIL", "354 what")]
    [InlineData("RCPT", "334 what")]
    [InlineData("DATA", "250 what")]
    [InlineData("DATA", "999 what")]
    [InlineData(".", "354 what")]
    public async Task An_answer_that_makes_no_sense_fails(string command, string answer)
    {
        _server.Answers.Add((command, answer));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal(command == ".", Assert.IsType<SendResult.Failed>(await client.SendAsync("bob")).MayHaveBeenDelivered);
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task A_server_that_interrupts_the_message_is_heard()
    {
        var stream = new FakeServerStream(_server) { FailingWrite = 3 };
        await using var client = await Samples.ConnectAsync(stream);
        stream.FailingWrite = 3;

        // It has enough after the first block: says so, and the write of the next one fails.
        stream.SaysAtFailure = "552 5.3.4 Too much\r\n";
        var result = await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(Samples.TextOf(200_000)), default);

        Assert.Equal("552 5.3.4 Too much", Assert.IsType<SendResult.Refused>(result).Reply.ToString());
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task A_disk_that_fails_is_not_taken_for_the_connection_and_nothing_is_delivered()
    {
        var content = new PiecedContent(Encoding.ASCII.GetBytes(Samples.Text), 8) { Failure = new IOException("disk") };
        var stream = new FakeServerStream(_server);
        var client = await Samples.ConnectAsync(stream);

        var thrown = await Assert.ThrowsAsync<IOException>(
            () => client.SendAsync(Samples.EnvelopeTo("bob"), new OutgoingMessage(default, content, []), default));

        Assert.Equal("disk", thrown.Message);
        Assert.Empty(_server.Messages);
        Assert.True(stream.IsDisposed);
        Assert.False(client.IsReusable);
    }

    [Fact]
    public async Task What_an_idle_server_says_makes_the_connection_look_dead()
    {
        await using var server = new TcpFakeServer(_server);
        await using var client = Assert.IsType<ConnectResult.Connected>(await server.ConnectAsync(Samples.Options)).Client;
        Assert.True(client.LooksAlive());

        await server.SayAsync("421 4.4.2 Idle\r\n");

        // Loopback delivers at once on the systems that we know; elsewhere it may take a moment.
        while (client.LooksAlive())
            await Task.Yield();
        Assert.True(client.IsReusable); // it was not asked yet
        Assert.Equal(421, Assert.IsType<SendResult.Failed>(await client.SendAsync("bob")).Farewell?.Code);
    }

    [Fact]
    public async Task An_answer_too_many_ends_the_connection()
    {
        _server.Answers.Add((".", "250 2.0.0 Taken\r\n250 2.0.0 Taken again"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));

        Assert.False(client.IsReusable);
    }

    [Fact]
    public void No_octets_make_the_client_throw_or_hang()
    {
        Prop.ForAll(Babble.ToArbitrary(), async said =>
        {
            // Everything is said at once, then the server is gone: what the client asks no longer matters.
            var babbler = new FakeServer { Greeting = string.Concat(said) };
            var stream = new FakeServerStream(babbler) { IsDeaf = true };
            var result = await SmtpClient.ConnectAsync(stream, Samples.Options, TimeProvider.System, default);
            if (result is ConnectResult.Connected { Client: var client })
                await client.DisposeAsync();
            Assert.True(stream.IsDisposed);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_octets_in_answer_to_a_message_make_the_client_throw_or_hang()
    {
        Prop.ForAll(Babble.ToArbitrary(), async said =>
        {
            var babbler = new FakeServer();
            var stream = new FakeServerStream(babbler);
            await using var client = await Samples.ConnectAsync(stream);
            babbler.Answers.Add(("MAIL", string.Concat(said)));
            babbler.ClosesAt = "DATA";
            var result = await client.SendAsync("bob");
            Assert.True(result is SendResult.Refused or SendResult.Failed or SendResult.Delivered);
            Assert.Equal(client.IsReusable, !stream.IsDisposed);
        }).QuickCheckThrowOnFailure();
    }

    private static Gen<string[]> Babble => Gen.Frequency(
        (4, Gen.Elements("250 OK\r\n", "250-OK\r\n", "354 Go\r\n", "220 Hi\r\n", "421 Bye\r\n", "550 5.1.1 No\r\n", "25", "\r\n", "\n", "\0", "é")),
        (1, Gen.Choose(0, 255).Select(value => ((char)value).ToString()))).ArrayOf();
}
