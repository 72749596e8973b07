using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Smtp.Tests.Server;

namespace Gateway.Smtp.Tests.Client;

/// <summary>The client and the server of this library, over a real socket.</summary>
public class OurServerTests
{
    private readonly FakeHandler _handler = new()
    {
        OnRecipient = static recipient => new(recipient.Mailbox.LocalPart == "nobody"
            ? new Reply(550, 1, 1, "Unknown")
            : new Reply(250, 1, 5, "recipient OK")),
        OnMessage = static text => new(text.Contains("spam", StringComparison.Ordinal) ? new Reply(550, 7, 1, "Spam") : FakeHandler.Ok),
    };

    [Fact]
    public async Task Every_message_arrives_as_it_was()
    {
        string[] texts = [Samples.Text, "", ".\r\n", "..\r\n.\r\n", Samples.TextOf(4096), Samples.TextOf(65_530), Samples.TextOf(3_000_000)];

        await TalkAsync(async client =>
        {
            foreach (var text in texts)
            {
                Assert.IsType<SendResult.Delivered>(
                    await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message(text, "P: .\r\n"), default));
                Assert.IsType<SendResult.Delivered>(
                    await client.SendAsync(Samples.EnvelopeTo("bob", "carol"), Samples.Message(text, piece: 1000), default));
            }
            Assert.True(client.LooksAlive());
        });

        Assert.Equal(texts.SelectMany(text => new[] { "P: .\r\n" + text, text }), _handler.Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task Refusals_are_heard_and_the_next_message_goes_through()
    {
        await TalkAsync(async client =>
        {
            var recipient = Assert.IsType<SendResult.Refused>(await client.SendAsync("nobody"));
            Assert.Equal("550 5.1.1 Unknown", recipient.Reply.ToString());
            var message = Assert.IsType<SendResult.Refused>(
                await client.SendAsync(Samples.EnvelopeTo("bob"), Samples.Message("spam\r\n"), default));
            Assert.Equal("550 5.7.1 Spam", message.Reply.ToString());
            Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
            Assert.IsType<SendResult.Refused>(await client.SendAsync("bob", "nobody"));
            Assert.False(client.IsReusable);
        });

        Assert.Equal(["spam\r\n", Samples.Text], _handler.Messages.Select(message => message.Text));
    }

    private async Task TalkAsync(Func<SmtpClient, Task> talk)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        var result = await SmtpClient.ConnectAsync(
            listener.LocalEndpoint, Samples.Options, TimeProvider.System, default);
        var client = Assert.IsType<ConnectResult.Connected>(result).Client;
        await talk(client);
        await client.QuitAsync();
        await serving;
    }

    private async Task ServeAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var input = new Pipe();
        var receiving = ReceiveAsync(socket.GetStream(), input.Writer);
        var session = new SmtpSession(
            new DuplexPipe(input.Reader, PipeWriter.Create(socket.GetStream())), new Session(SessionDriver.Options), _handler, TimeProvider.System);
        await session.RunAsync(TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);
        await input.Reader.CompleteAsync();
        await receiving;
    }

    private static async Task ReceiveAsync(NetworkStream stream, PipeWriter to)
    {
        try
        {
            await stream.CopyToAsync(to, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // A client that breaks off with answers unread resets the connection.
        }
        await to.CompleteAsync();
    }
}
