using System.Net;
using System.Text;
using Gateway.Lab.Talking;
using Gateway.Smtp;

namespace Gateway.Lab.Tests.Talking;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("a\nb\n", "a\r\nb\r\n", 2, "a file of Unix")]
    [InlineData("a\r\nb\r\n", "a\r\nb\r\n", 0, "a file of Windows")]
    [InlineData("a\r\nb\nc", "a\r\nb\r\nc\r\n", 1, "both, and no end")]
    [InlineData("\n\n", "\r\n\r\n", 2, "empty lines")]
    [InlineData("a\rb\r\n", "a\rb\r\n", 0, "a lone CR is content")]
    [InlineData("", "", 0, "nothing")]
    public void Bare_line_feeds_become_line_ends(string text, string expected, int changed, string reason)
    {
        var message = MessageText.WithCrlf(Encoding.Latin1.GetBytes(text), out var count);
        Assert.True((Encoding.Latin1.GetString(message), count) == (expected, changed), reason);
    }

    [Fact]
    public void Blocks_together_are_the_stuffed_message()
    {
        var message = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(".\r\n..\r\nabc\r\n", 20_000)));
        var stuffed = MessageText.Stuffed(message).SelectMany(block => block.ToArray()).ToArray();
        Assert.Equal(string.Concat(Enumerable.Repeat("..\r\n...\r\nabc\r\n", 20_000)), Encoding.ASCII.GetString(stuffed));
    }

    [Fact]
    public void A_made_message_has_what_RFC_5322_demands()
    {
        var text = Made(new(new("ann", "example.org")), null, null, new TimeSpan(-3, -30, 0));
        Assert.Equal(
            """
            Date: Mon, 06 Mar 2006 06:30:00 -0330
            Message-ID: <109ceffbd00.0cc2e0fb27f3a5bc@client.example>
            From: ann@example.org
            To: bob@gateway.test,
             postmaster:;
            Subject: A test of gateway send

            This message was sent by gateway send, to see what becomes of it.

            """.ReplaceLineEndings("\r\n"), System.Text.RegularExpressions.Regex.Replace(text, @"(?<=\.)[0-9a-f]{16}(?=@)", "0cc2e0fb27f3a5bc"));
    }

    [Fact]
    public void What_is_beyond_ascii_is_encoded_or_declared()
    {
        var text = Made(default, "Grüße " + new string('ü', 60), "Zeile\nÄ");
        Assert.Contains("\r\nFrom: postmaster@client.example\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nZeile\r\nÄ\r\n", text, StringComparison.Ordinal);
        var words = text.Split("\r\n").SkipWhile(line => !line.StartsWith("Subject: ", StringComparison.Ordinal)).TakeWhile(line => line.Contains("=?utf-8?B?", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('=', StringComparison.Ordinal)..]).ToList();
        Assert.All(words, word => Assert.True(word.Length <= 75));
        Assert.Equal("Grüße " + new string('ü', 60), string.Concat(words.Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2])))));
    }

    [Fact]
    public void A_subject_cannot_become_a_header_field() =>
        Assert.DoesNotContain("\nBcc:", Made(default, "x\r\nBcc: eve@example.org", null), StringComparison.Ordinal);

    private sealed class Wall(TimeSpan offset) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("wall", offset, null, null);

        public override DateTimeOffset GetUtcNow() => new(2006, 3, 6, 10, 0, 0, TimeSpan.Zero);
    }

    private static string Made(ReversePath from, string? subject, string? body, TimeSpan offset = default) => Encoding.UTF8.GetString(SampleMessage.Create(
        new()
        {
            Connect = new() { Server = new IPEndPoint(IPAddress.Loopback, 25), HeloName = "desk.example" },
            Helo = "client.example",
            From = from,
            Recipients = [new(new("bob", "gateway.test")), new(new("postmaster", ""))],
            Message = default,
        },
        subject, body, new Wall(offset), new Random(1)));
}
