using System.Net.Sockets;
using System.Text;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Hosting;

/// <summary>Clients that do not wait for replies, at a real socket: what the system holds back was sent just as early.</summary>
public sealed class EarlyInputTests
{
    // Kestrel reads 4096 octets at a time.
    private const int Block = 4096;

    [Theory]
    [InlineData(Block, "the block ends with DATA, and the message is still with the system")]
    [InlineData(Block - 1, "one octet of the message is in the same block")]
    [InlineData(2 * Block, "two blocks")]
    [InlineData(100, "all is in one block")]
    public async Task A_message_that_is_sent_with_its_DATA_is_refused_wherever_the_octets_are_cut(int untilMessage, string why)
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(gateway.Endpoint, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(client);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await HearAsync(reader);
        await stream.WriteAsync("EHLO client.example\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await HearAsync(reader);

        await stream.WriteAsync(Encoding.ASCII.GetBytes(Group(untilMessage) + "Subject: early\r\n\r\n.\r\nQUIT\r\n"), TestContext.Current.CancellationToken);

        string reply;
        while (!(reply = await HearAsync(reader)).StartsWith('5'))
            Assert.True(reply.StartsWith("250", StringComparison.Ordinal), $"{why}: {reply}");
        Assert.StartsWith("503 5.5.0 ", reply, StringComparison.Ordinal);
        Assert.Equal(SessionEnd.EarlyInput, (await gateway.EndedAsync()).End);
        Assert.Empty(server.Messages);
    }

    // MAIL, and RCPT whose addresses are as long as it takes, so that DATA and its CRLF end at that octet.
    private static string Group(int length)
    {
        var group = new StringBuilder("MAIL FROM:<ann@example.org>\r\n");
        const string rest = "DATA\r\n", command = "RCPT TO:<@gateway.test>\r\n";
        while (group.Length + rest.Length < length)
        {
            var room = length - group.Length - rest.Length;
            var name = room < 2 * (command.Length + 20) ? room - command.Length : 20;
            group.Append("RCPT TO:<").Append('b', name).Append("@gateway.test>\r\n");
        }
        return group.Append(rest).ToString();
    }

    private static async Task<string> HearAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
            if (line is not [_, _, _, '-', ..])
                return line;
        return "";
    }
}
