using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Smtp.Tests.Client;

public class DotStufferTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(".", "..")] // the first octet begins a line
    [InlineData("..", "...")]
    [InlineData(".\r\n", "..\r\n")]
    [InlineData("a.b\r\n", "a.b\r\n")]
    [InlineData("a\r\n.\r\nb", "a\r\n..\r\nb")]
    [InlineData("a\r\n..\r\n", "a\r\n...\r\n")]
    [InlineData("\r\n.\r\n.\r\n", "\r\n..\r\n..\r\n")]
    [InlineData("a\n.b", "a\n.b")] // a bare LF begins no line (RFC 5321 §2.3.8)
    [InlineData("a\r.b", "a\r.b")]
    [InlineData("a\r\r\n.b", "a\r\r\n..b")]
    [InlineData("a\r\n\n.b", "a\r\n\n.b")]
    public void A_dot_that_begins_a_line_is_doubled(string text, string stuffed)
    {
        for (var piece = 1; piece <= text.Length + 1; piece++)
        {
            for (var room = 2; room <= text.Length + 3; room++)
                Assert.Equal(stuffed, Stuff(text, piece, room, out _));
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a", false)]
    [InlineData("a\r", false)]
    [InlineData("a\r\n", true)]
    [InlineData("a\n", false)]
    [InlineData("a\r\n.", false)]
    public void It_knows_whether_the_text_ends_with_its_line(string text, bool atLineStart)
    {
        for (var piece = 1; piece <= text.Length + 1; piece++)
        {
            Stuff(text, piece, 8, out var ends);
            Assert.Equal(atLineStart, ends);
        }
    }

    [Fact]
    public void Taking_the_dots_away_gives_the_text_back()
    {
        var text = Gen.Elements('\r', '\n', '.', 'a').ArrayOf().Select(letters => new string(letters));
        var cases = text.SelectMany(_ => Gen.Choose(1, 7), (letters, piece) => (letters, piece))
            .SelectMany(_ => Gen.Choose(2, 9), (sample, room) => (sample.letters, sample.piece, room));
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var stuffed = Stuff(sample.letters, sample.piece, sample.room, out _);
            return Unstuff(stuffed) == sample.letters && !("\r\n" + stuffed).Contains("\r\n.\r\n", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>RFC 5321 §4.5.2, as plainly as it can be said.</summary>
    internal static string Unstuff(string stuffed)
    {
        var lines = stuffed.Split("\r\n");
        return string.Join("\r\n", lines.Select(line => line.StartsWith('.') ? line[1..] : line));
    }

    private static string Stuff(string text, int piece, int room, out bool atLineStart)
    {
        var stuffer = new DotStuffer();
        var stuffed = new StringBuilder();
        var buffer = new byte[room];
        for (var at = 0; at < text.Length; at += piece)
        {
            ReadOnlySpan<byte> rest = Encoding.Latin1.GetBytes(text.Substring(at, Math.Min(piece, text.Length - at)));
            while (rest.Length > 0)
            {
                var written = stuffer.Encode(rest, buffer, out var consumed);
                Assert.True(consumed > 0);
                stuffed.Append(Encoding.Latin1.GetString(buffer, 0, written));
                rest = rest[consumed..];
            }
        }
        atLineStart = stuffer.AtLineStart;
        return stuffed.ToString();
    }
}
