using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Smtp.Tests.Framing;

public class DotDecoderTests
{
    [Theory]
    [InlineData(".\r\n", "", "", "an empty message")]
    [InlineData("a\r\n.\r\n", "a\r\n", "", "a line")]
    [InlineData("a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n", "what follows is left alone")]
    [InlineData("..\r\n.\r\n", ".\r\n", "", "stuffing is undone on the first line")]
    [InlineData("a\r\n..b\r\n.\r\n", "a\r\n.b\r\n", "", "and on others")]
    [InlineData("a\r\n.b\r\n.\r\n", "a\r\nb\r\n", "", "a dot that nobody stuffed goes, too (RFC 5321 §4.5.2)")]
    [InlineData("a.\r\n.\r\n", "a.\r\n", "", "a dot at a line's end")]
    [InlineData("\r\n\r\n.\r\n", "\r\n\r\n", "", "empty lines")]
    [InlineData("a\r\n...\r\n.\r\n", "a\r\n..\r\n", "", "only one dot goes")]
    public void Messages_end_with_a_dot_alone(string input, string content, string rest, string why)
    {
        var decoded = Decode(input, BareNewline.Reject);
        Assert.True((content, rest, false) == (decoded.Content, decoded.Left, decoded.HasBare), why);
    }

    [Theory]
    [InlineData("\0.\r\n.\r\n", true, "the first line")]
    [InlineData("a\r\n\0.\r\n.\r\n", true, "another one")]
    [InlineData("a\r\n\0\0b\r\n.\r\n", true, "without a dot, too: no honest message has it")]
    [InlineData("a\r\n.\0.\r\n.\r\n", true, "when stuffing is undone")]
    [InlineData("a\n\0.\r\n.\r\n", true, "behind a line feed that becomes a newline")]
    [InlineData("a\r\0.\r\n.\r\n", true, "behind a carriage return that becomes one")]
    [InlineData("a\0b\r\n.\r\n", false, "within a line it can do no harm")]
    [InlineData("a\r\n..\0\r\n.\r\n", false, "a dot before it is stuffed again")]
    public void A_line_that_begins_with_nul_is_noted(string input, bool expected, string why)
    {
        var octets = Encoding.Latin1.GetBytes(input);
        foreach (var size in Enumerable.Range(1, octets.Length))
        {
            var decoder = new DotDecoder(BareNewline.Normalize);
            var output = new MessageBuffer(MessageStore.Default, 1000);
            for (var at = 0; at < octets.Length; at += size)
                decoder.Decode(octets.AsSpan(at, Math.Min(size, octets.Length - at)), output);
            Assert.True(decoder.HasNulLine == expected, $"{why}, in pieces of {size}");
        }
    }

    // The payloads of SMTP smuggling: none of them ends the message, each is noted.
    [Theory]
    [InlineData("a\n.\nb\r\n.\r\n", "a\r\n.\r\nb\r\n")]
    [InlineData("a\r.\rb\r\n.\r\n", "a\r\n.\r\nb\r\n")]
    [InlineData("a\n.\r\nb\r\n.\r\n", "a\r\n.\r\nb\r\n")]
    [InlineData("a\r\n.\nb\r\n.\r\n", "a\r\n\r\nb\r\n")]
    [InlineData("a\r\n.\rb\r\n.\r\n", "a\r\n\r\nb\r\n")]
    [InlineData("a\r.\r\nb\r\n.\r\n", "a\r\n.\r\nb\r\n")]
    [InlineData("a\r\r\n.\r\n", "a\r\n\r\n")]
    [InlineData("a\r\n.\r\r\n.\r\n", "a\r\n\r\n\r\n")]
    [InlineData("a\n\r\n.\r\n", "a\r\n\r\n")]
    [InlineData("\n.\r\n.\r\n", "\r\n.\r\n")]
    [InlineData("\r.\r\n.\r\n", "\r\n.\r\n")]
    public void A_newline_that_stands_alone_is_noted_and_ends_nothing(string input, string normalized)
    {
        Assert.True(Decode(input, BareNewline.Reject).HasBare);
        var decoded = Decode(input, BareNewline.Normalize);
        Assert.Equal((normalized, ""), (decoded.Content, decoded.Left));
        Assert.True(decoded.HasBare);
    }

    [Fact]
    public void Any_cut_gives_the_same_content()
    {
        var octets = Gen.Elements('\r', '\n', '.', 'a', '\r').ArrayOf().Select(array => new string(array) + "\r\n.\r\n");
        var stuffed = Gen.Elements("\r\n", ".", "\r\n.", "text", "\r", "\n").ArrayOf().Select(all => string.Concat(all) + "\r\n.\r\n");
        Prop.ForAll(Gen.OneOf(octets, stuffed).ToArbitrary(), Gen.Choose(1, 7).ToArbitrary(), (input, size) =>
            Decode(input, BareNewline.Reject) == Decode(input, BareNewline.Reject, size)
            && Decode(input, BareNewline.Normalize) == Decode(input, BareNewline.Normalize, size)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_was_stuffed_comes_out_as_it_was()
    {
        var lines = Gen.Elements("", ".", "..", "a", ".a", "a.").ListOf();
        Prop.ForAll(lines.ToArbitrary(), all =>
        {
            var message = string.Concat(all.Select(line => line + "\r\n"));
            var stuffed = string.Concat(all.Select(line => (line.StartsWith('.') ? "." : "") + line + "\r\n"));
            return Decode(stuffed + ".\r\n", BareNewline.Reject) == (message, "", false, true);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Normalized_content_has_no_newline_that_stands_alone()
    {
        var input = Gen.Elements('\r', '\n', '.', 'a').ArrayOf().Select(array => new string(array) + "\r\n.\r\n");
        Prop.ForAll(input.ToArbitrary(), text =>
        {
            var rest = Decode(text, BareNewline.Normalize).Content.Replace("\r\n", "", StringComparison.Ordinal);
            return !rest.Contains('\r') && !rest.Contains('\n');
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(".\r\n..\r\n.\r\n", ".\r\n..\r\n.\r\n", false, "dots mean nothing")]
    [InlineData("a\nb", "a\r\nb", true, "a bare LF")]
    [InlineData("a\rb", "a\r\nb", true, "a bare CR")]
    [InlineData("a\r", "a\r\n", true, "a bare CR at the very end")]
    [InlineData("a\r\n", "a\r\n", false, "a line")]
    public void Chunks_have_no_dots_but_the_same_newlines(string input, string content, bool hasBare, string why)
    {
        var decoder = new DotDecoder(BareNewline.Normalize, isChunked: true);
        var output = new MessageBuffer(MessageStore.Default, 1000);
        foreach (var octet in Encoding.Latin1.GetBytes(input))
            decoder.Decode([octet], output);
        decoder.CompleteChunks(output);
        Assert.True((content, hasBare) == (MessageBufferTests.Text(output), decoder.HasBareNewline), why);
    }

    private static (string Content, string Left, bool HasBare, bool IsComplete) Decode(
        string input, BareNewline bare, int size = int.MaxValue)
    {
        var decoder = new DotDecoder(bare);
        var output = new MessageBuffer(MessageStore.Default, 1_000_000);
        var octets = Encoding.Latin1.GetBytes(input);
        var at = 0;
        while (at < octets.Length && !decoder.IsComplete)
            at += decoder.Decode(octets.AsSpan(at, Math.Min(size, octets.Length - at)), output);
        return (MessageBufferTests.Text(output), input[at..], decoder.HasBareNewline, decoder.IsComplete);
    }
}
