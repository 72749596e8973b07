using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Lab.SmartHosts;

namespace Gateway.Lab.Tests.SmartHosts;

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

    [Theory]
    [InlineData("connect drop", "")]
    [InlineData("ehlo drop", "220")]
    [InlineData("mail drop", "220 250")]
    [InlineData("rcpt drop", "220 250 250")]
    [InlineData("data drop", "220 250 250 250")]
    [InlineData("body drop", "220 250 250 250 354")]
    [InlineData("end drop", "220 250 250 250 354")]
    public async Task It_hangs_up_without_a_word_where_it_is_told_to(string told, string codes)
    {
        await using var host = Told(told);

        var replies = await SayInTurnAsync(host, "EHLO a.example", "MAIL FROM:<>", "RCPT TO:<c@d.example>", "DATA", "Subject: x\r\n\r\nx\r\n.");

        Assert.Equal(codes, string.Join(' ', replies));
        Assert.Empty(host.Messages);
    }

    [Fact]
    public async Task Told_to_be_silent_it_is_until_the_other_side_gives_up()
    {
        await using var host = Told("rcpt silent");
        using var client = new TcpClient();
        await client.ConnectAsync(host.Endpoint);
        await client.GetStream().WriteAsync("EHLO a.example\r\nMAIL FROM:<>\r\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        while (await reader.ReadLineAsync() is { } line && line != "250 2.1.0 Sender OK")
            continue;

        await client.GetStream().WriteAsync("RCPT TO:<c@d.example>\r\nQUIT\r\n"u8.ToArray());
        client.Client.Shutdown(SocketShutdown.Send);

        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_delayed_answer_is_the_usual_one_when_its_time_has_come()
    {
        await using var host = Told("rcpt <c> delay 50ms");
        var started = TimeProvider.System.GetTimestamp();

        var replies = await SayAsync(host, "EHLO a.example\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<c@d.example>\r\n", "QUIT\r\n");

        // A timer may ring a tick of the system's clock early.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMilliseconds(30));
        Assert.Contains("250 2.1.5 Recipient OK", replies, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chance_is_the_given_one_and_the_word_passes_to_the_next_when_it_does_not_come_up()
    {
        await using var host = CapturingSmartHost.Start(AnyPort, null, TimeProvider.System, SmartHostScript.Empty, new Random(1));
        host.Direct(Read("rcpt 451 4.0.0 all"));
        host.Direct(Read("rcpt <c> 50% 550 5.1.1 c"));

        var replies = await SayInTurnAsync(host, ["EHLO a.example", "MAIL FROM:<>", .. Enumerable.Repeat("RCPT TO:<c@d.example>", 100)]);

        Assert.Equal(100, replies.Skip(3).Count(code => code is "451" or "550"));
        Assert.InRange(replies.Count(code => code == "550"), 30, 70);
    }

    [Fact]
    public async Task Who_has_not_authenticated_is_told_so_at_mail()
    {
        await using var host = Told("AUTH ann secret");

        Assert.Equal(["220", "250", "530"], await SayInTurnAsync(host, "EHLO a.example", "MAIL FROM:<>"));

        host.Direct(Read("up"));
        Assert.Equal(["220", "250", "250"], await SayInTurnAsync(host, "EHLO a.example", "MAIL FROM:<>"));
    }

    [Fact]
    public async Task Up_it_answers_as_its_script_says_again()
    {
        await using var host = CapturingSmartHost.Start(AnyPort, null, TimeProvider.System, SmartHostScript.Load(), new Random(1));
        host.Direct(Read("rcpt <unknown> 250 2.1.5 Now known"));
        Assert.Equal("250", (await SayInTurnAsync(host, "EHLO a.example", "MAIL FROM:<>", "RCPT TO:<unknown@d.example>"))[^1]);

        host.Direct(Read("up"));

        Assert.Equal("550", (await SayInTurnAsync(host, "EHLO a.example", "MAIL FROM:<>", "RCPT TO:<Unknown@d.example>"))[^1]);
    }

    private static CapturingSmartHost Told(string answer)
    {
        var host = CapturingSmartHost.Start(AnyPort, null, TimeProvider.System);
        host.Direct(Read(answer));
        return host;
    }

    private static SmartHostAnswer Read(string text) =>
        SmartHostAnswer.TryParse(text, out var answer, out var problem) ? answer : throw new FormatException(problem);

    /// <summary>The codes of the greeting and of the answer to each line, as far as there are answers.</summary>
    private static async Task<List<string>> SayInTurnAsync(CapturingSmartHost host, params string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Endpoint);
        var codes = new List<string>();
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            foreach (var line in lines.Append(""))
            {
                string? reply;
                while ((reply = await reader.ReadLineAsync()) is [_, _, _, '-', ..])
                    continue;
                if (reply is null)
                    break;
                codes.Add(reply[..3]);
                if (line.Length > 0)
                    await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
                else
                    break;
            }
        }
        catch (IOException)
        {
            // Closed with octets unread, a connection is reset: that is an end, too.
        }
        return codes;
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
