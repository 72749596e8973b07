using System.Net;
using Gateway.Smtp;

namespace Gateway.Peers.Tests.Relay;

/// <summary>Our own client in front of the gateway, for octets that MailKit would parse and write again.</summary>
internal static class Sender
{
    /// <returns>The reply to the end of data.</returns>
    public static async Task<Reply> SendAsync(IPEndPoint server, byte[] content, bool isBounce = false)
    {
        var options = new SmtpClientOptions { HeloName = "client.example", Tls = TlsUse.None };
        var result = await SmtpClient.ConnectAsync(server, options, TimeProvider.System, TestContext.Current.CancellationToken);
        var client = Assert.IsType<ConnectResult.Connected>(result).Client;
        var envelope = new Envelope(isBounce ? new ReversePath(null) : new(new("ann", "example.org")), [new(new Mailbox("bob", "gateway.test"))], default);
        var message = new OutgoingMessage(ReadOnlyMemory<byte>.Empty, MessageContent.FromBytes(content), []);
        var sent = await client.SendAsync(envelope, message, TestContext.Current.CancellationToken);
        await client.QuitAsync();
        return Assert.IsType<SendResult.Delivered>(sent).Reply;
    }
}
