using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Lab;

namespace Gateway.Tests.Lab;

public sealed class CapturingSmartHostTests
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task What_it_takes_lies_in_the_folder_octet_by_octet_with_its_envelope_beside_it()
    {
        var path = Directory.CreateTempSubdirectory("gateway-test-").FullName;
        try
        {
            await using var host = CapturingSmartHost.Start(AnyPort, new CaptureFolder(path), TimeProvider.System);

            var replies = await SayAsync(host, "EHLO a.example\r\n", "MAIL FROM:<a@b.example>\r\n", "RCPT TO:<c@d.example>\r\n",
                "DATA\r\n", "Subject: x\r\n\r\n..dot\r\n.\r\n", "QUIT\r\n");

            var file = Assert.Single(Directory.GetFiles(path, "*.eml"));
            Assert.Contains($"Captured as {Path.GetFileName(file)}", replies, StringComparison.Ordinal);
            Assert.Equal("Subject: x\r\n\r\n.dot\r\n", await File.ReadAllTextAsync(file));
            using var envelope = JsonDocument.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(file, ".json")));
            Assert.Equal("a@b.example", envelope.RootElement.GetProperty("from").GetString());
            Assert.Equal("c@d.example", envelope.RootElement.GetProperty("to")[0].GetString());
            Assert.Equal(1, host.Count);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    [Fact]
    public async Task It_answers_as_it_is_told_to_whom_it_is_told()
    {
        await using var host = CapturingSmartHost.Start(AnyPort, null, TimeProvider.System);
        Assert.True(SmartHostAnswer.TryParse("RCPT <no@d.example> 550 5.1.1 Nobody", out var answer));
        host.Direct(answer);

        var replies = await SayAsync(host, "EHLO a.example\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<no@D.example>\r\n", "RCPT TO:<yes@d.example>\r\n", "QUIT\r\n");

        Assert.Contains("550 5.1.1 Nobody\r\n250 2.1.5", replies, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Down_it_refuses_connections_and_up_it_takes_them_again_on_the_same_port()
    {
        await using var host = CapturingSmartHost.Start(AnyPort, null, TimeProvider.System);
        host.Direct(new SmartHostAnswer.Down());
        await Assert.ThrowsAnyAsync<SocketException>(() => SayAsync(host, "QUIT\r\n"));

        host.Direct(new SmartHostAnswer.Up());

        Assert.Contains("221 2.0.0", await SayAsync(host, "QUIT\r\n"), StringComparison.Ordinal);
    }

    private static async Task<string> SayAsync(CapturingSmartHost host, params string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Endpoint);
        var stream = client.GetStream();
        var heard = new StringBuilder();
        var octets = new byte[4096];
        foreach (var line in lines.Prepend(""))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line));
            do
                heard.Append(Encoding.ASCII.GetString(octets, 0, await stream.ReadAsync(octets)));
            while (!IsWhole(heard.ToString()));
        }
        return heard.ToString();
    }

    // RFC 5321 §4.2.1: the last line of a reply has no hyphen behind its code.
    private static bool IsWhole(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) && text.TrimEnd().Split("\r\n")[^1] is [_, _, _, ' ', ..];
}
