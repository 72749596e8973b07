using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Smtp.Tests.Client;

public class ReplyReaderTests
{
    [Theory]
    [InlineData("250 OK\r\n", 250, null, "OK")]
    [InlineData("250\r\n", 250, null, "")] // RFC 5321 §4.2: clients do without the text
    [InlineData("250 \r\n", 250, null, "")]
    [InlineData("250 OK\n", 250, null, "OK")] // a bare LF ends a reply's line
    [InlineData("250 2.1.5 Fine\r\n", 250, "2.1.5", "Fine")]
    [InlineData("550 5.7.25\r\n", 550, "5.7.25", "")]
    [InlineData("550 2.1.5 Odd\r\n", 550, null, "2.1.5 Odd")] // the classes differ: it is text
    [InlineData("550 5.1.2000 Odd\r\n", 550, null, "5.1.2000 Odd")] // four digits
    [InlineData("550 5.1 Odd\r\n", 550, null, "5.1 Odd")]
    [InlineData("550 5.1.\r\n", 550, null, "5.1.")]
    [InlineData("250 5 files\r\n", 250, null, "5 files")]
    [InlineData("354 3.0.0 Go\r\n", 354, null, "3.0.0 Go")] // RFC 3463 knows no class 3
    [InlineData("250-one\r\n250-two\r\n250 three\r\n", 250, null, "one|two|three")]
    [InlineData("550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n", 550, "5.7.1", "one|two|three")]
    [InlineData("550-5.7.1 one\r\n550 two\r\n", 550, "5.7.1", "one|two")]
    [InlineData("550-one\r\n550 5.7.1 two\r\n", 550, null, "one|5.7.1 two")] // the first line decides
    [InlineData("550 caf\xe9\x1b[2J\tx\r\n", 550, null, "caf??[2J?x")] // nothing unprintable gets through
    [InlineData("550 a\rb\r\n", 550, null, "a?b")]
    public void A_whole_reply_becomes_a_value(string octets, int code, string? status, string lines)
    {
        var received = Encoding.Latin1.GetBytes(octets);
        var reader = new ReplyReader();

        Assert.Equal(ReplyScan.Complete, reader.Scan(received));
        var reply = ReplyReader.Parse(received);

        Assert.Equal(code, reader.Code);
        Assert.Equal(received.Length, reader.Length);
        Assert.Equal(code, reply.Code);
        Assert.Equal(status, reply.Status?.ToString());
        Assert.Equal(lines, string.Join('|', reply.Lines));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("250 OK")]
    [InlineData("250 OK\r")]
    [InlineData("250-one\r\n")]
    [InlineData("250-one\r\n250-two\r\n25")]
    public void What_has_no_last_line_yet_is_incomplete(string octets)
    {
        var reader = new ReplyReader();
        Assert.Equal(ReplyScan.Incomplete, reader.Scan(Encoding.Latin1.GetBytes(octets)));
    }

    [Theory]
    [InlineData("\r\n")] // an empty line
    [InlineData("25\r\n")]
    [InlineData("25x OK\r\n")]
    [InlineData("2500 OK\r\n")]
    [InlineData("250OK\r\n")]
    [InlineData("150 wait\r\n")] // RFC 5321 §4.2: 2 to 5
    [InlineData("650 OK\r\n")]
    [InlineData("250-one\r\n251 two\r\n")] // §4.2.1: one code for all lines
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    public void What_is_not_SMTP_is_malformed(string octets)
    {
        var reader = new ReplyReader();
        Assert.Equal(ReplyScan.Malformed, reader.Scan(Encoding.Latin1.GetBytes(octets)));
    }

    [Fact]
    public void A_line_a_number_of_lines_and_a_reply_have_limits()
    {
        Assert.Equal(ReplyScan.Complete, Scan("250 " + new string('x', ReplyReader.MaxLine - 10) + "\r\n"));
        Assert.Equal(ReplyScan.Malformed, Scan("250 " + new string('x', ReplyReader.MaxLine) + "\r\n"));
        Assert.Equal(ReplyScan.Malformed, Scan(new string('2', ReplyReader.MaxLine + 1)));
        Assert.Equal(ReplyScan.Complete, Scan(Repeat("250-x\r\n", ReplyReader.MaxLines - 1) + "250 x\r\n"));
        Assert.Equal(ReplyScan.Malformed, Scan(Repeat("250-x\r\n", ReplyReader.MaxLines) + "250 x\r\n"));
        Assert.Equal(ReplyScan.Malformed, Scan(Repeat("250-" + new string('x', 4000) + "\r\n", 17)));
    }

    [Fact]
    public void A_reply_is_the_same_however_it_arrives()
    {
        var text = Gen.Elements("250-one\r\n250 two\r\n", "550 5.7.1 no\r\n", "250-a\n250-b\n250 c\n", "x\r\n", "250-a\r\n251 b\r\n");
        var cases = text.SelectMany(_ => Gen.Choose(1, 9), (octets, step) => (octets, step));
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var octets = Encoding.Latin1.GetBytes(sample.octets + "250 next\r\n");
            var whole = new ReplyReader();
            var expected = whole.Scan(octets);
            var pieced = new ReplyReader();
            var found = ReplyScan.Incomplete;
            for (var end = 0; found == ReplyScan.Incomplete && end < octets.Length;)
                found = pieced.Scan(octets.AsSpan(0, end = Math.Min(end + sample.step, octets.Length)));
            return found == expected && (found == ReplyScan.Malformed || (pieced.Length, pieced.Code) == (whole.Length, whole.Code));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_octets_break_the_parser()
    {
        var octet = Gen.Frequency((3, Gen.Elements("250- \r\n5.1\0é"u8.ToArray())), (1, Gen.Choose(0, 255).Select(value => (byte)value)));
        Prop.ForAll(octet.ArrayOf().ToArbitrary(), octets =>
        {
            byte[] received = [.. "550 "u8, .. octets, .. "\r\n"u8];
            var reader = new ReplyReader();
            return reader.Scan(received) != ReplyScan.Complete
                || ReplyReader.Parse(received.AsSpan(0, reader.Length)).Lines.All(line => line.All(c => c is >= ' ' and <= '~'));
        }).QuickCheckThrowOnFailure();
    }

    private static ReplyScan Scan(string octets) => new ReplyReader().Scan(Encoding.Latin1.GetBytes(octets));

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
