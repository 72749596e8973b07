using System.Net;
using System.Net.Sockets;

namespace Gateway.Smtp.Tests.Client;

public class ConnectTests
{
    private readonly FakeServer _server = new();

    [Fact]
    public async Task A_greeting_and_EHLO_make_a_connection()
    {
        _server.Greeting = "220-mx.gateway.test\r\n220 welcome";
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal(["mx.gateway.test", "welcome"], client.Greeting.Lines);
        Assert.Equal(["EHLO gateway.test"], _server.Commands);
        Assert.True(client.Extensions.Pipelining);
        Assert.True(client.IsReusable);
        Assert.False(client.IsSecured);
    }

    [Fact]
    public async Task A_server_that_does_not_know_EHLO_is_greeted_with_HELO()
    {
        _server.Answers.Add(("EHLO", "502 5.5.1 What?"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server));

        Assert.Equal(["EHLO gateway.test", "HELO gateway.test"], _server.Commands);
        Assert.Same(ServerExtensions.None, client.Extensions);
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
        Assert.Equal("MAIL FROM:<ann@example.org>", _server.Commands[2]);
    }

    [Theory]
    [InlineData("554 5.7.1 Go away", "greeting")]
    [InlineData("421 4.3.2 Busy", "greeting")]
    [InlineData("450 4.7.1 Later", "EHLO")]
    [InlineData("550 5.7.1 Bad name", "EHLO")]
    public async Task A_refusal_is_handed_on_and_the_server_hears_QUIT(string reply, string stage)
    {
        if (stage == "greeting")
            _server.Greeting = reply;
        else
            _server.Answers.AddRange([("EHLO", reply), ("HELO", reply)]);
        var stream = new FakeServerStream(_server);

        var result = await SmtpClient.ConnectAsync(stream, Samples.Options, TimeProvider.System, default);

        Assert.Equal(reply, Assert.IsType<ConnectResult.Refused>(result).Reply.ToString());
        Assert.Equal("QUIT", _server.Commands[^1]);
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task A_server_that_refuses_EHLO_and_hangs_up_has_refused()
    {
        _server.Answers.Add(("EHLO", "554 5.7.1 Never"));
        _server.ClosesAt = "HELO";

        var result = await SmtpClient.ConnectAsync(new FakeServerStream(_server), Samples.Options, TimeProvider.System, default);

        Assert.Equal(554, Assert.IsType<ConnectResult.Refused>(result).Reply.Code);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2")]
    [InlineData("250 hello")]
    [InlineData("354 go")]
    [InlineData("220-one\r\n250 two")]
    public async Task A_server_that_does_not_speak_SMTP_has_failed(string greeting)
    {
        _server.Greeting = greeting;
        var stream = new FakeServerStream(_server);

        Assert.IsType<ConnectResult.Failed>(await SmtpClient.ConnectAsync(stream, Samples.Options, TimeProvider.System, default));
        Assert.True(stream.IsDisposed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Replies_may_arrive_in_pieces(int readLimit)
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server) { ReadLimit = readLimit });
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob", "carol"));
    }

    [Fact]
    public async Task A_closed_port_has_failed()
    {
        IPEndPoint closed;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            closed = (IPEndPoint)listener.LocalEndpoint;
        }
        Assert.IsType<ConnectResult.Failed>(await SmtpClient.ConnectAsync(closed, Samples.Options, TimeProvider.System, default));
    }

    [Fact]
    public async Task A_silent_server_fails_when_the_greeting_is_late()
    {
        _server.Greeting = "";
        var time = new ManualTime();
        var stream = new FakeServerStream(_server);
        var connecting = SmtpClient.ConnectAsync(stream, Samples.Options, time, default);
        await stream.Waiting;

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        Assert.False(connecting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("greeting: the server did not answer within 300 s", Assert.IsType<ConnectResult.Failed>(await connecting).Reason);
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task A_cancelled_connect_has_failed()
    {
        _server.Greeting = "";
        using var cancel = new CancellationTokenSource();
        var stream = new FakeServerStream(_server);
        var connecting = SmtpClient.ConnectAsync(stream, Samples.Options, TimeProvider.System, cancel.Token);
        await stream.Waiting;
        await cancel.CancelAsync();

        Assert.Equal("greeting: cancelled", Assert.IsType<ConnectResult.Failed>(await connecting).Reason);
    }
}
