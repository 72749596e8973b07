using System.Buffers;
using System.Text;

namespace Gateway.Smtp.Tests.Framing;

public class CommandReaderTests
{
    [Theory]
    [InlineData("QUIT\r\n", Verb.Quit, "")]
    [InlineData("mail from:<a@b>\r\n", Verb.Mail, "from:<a@b>")]
    [InlineData("EHLO  a.example  \r\n", Verb.Ehlo, "a.example")]
    [InlineData("StartTLS\r\n", Verb.StartTls, "")]
    [InlineData("GET / HTTP/1.1\r\n", Verb.Unknown, "GET / HTTP/1.1")]
    [InlineData("\r\n", Verb.Unknown, "")]
    [InlineData("RCPTX\r\n", Verb.Unknown, "RCPTX")]
    [InlineData("RCP\u00f4 x\r\n", Verb.Unknown, "RCP\u00f4 x")]
    internal void Commands_are_read(string line, Verb verb, string argument)
    {
        Assert.Equal((LineKind.Command, new CommandLine(verb, argument)), Take(line, Encoding.UTF8));
    }

    [Theory]
    [InlineData("QUIT\n", LineKind.BareNewline)]
    [InlineData("\n", LineKind.BareNewline)]
    [InlineData("QUIT\rNOOP\r\n", LineKind.Garbage)]
    [InlineData("QUIT\0\r\n", LineKind.Garbage)]
    [InlineData("QUIT\t\r\n", LineKind.Garbage)]
    [InlineData("NOOP \x7f\r\n", LineKind.Garbage)]
    [InlineData("NOOP \u00e9\r\n", LineKind.Garbage)]
    [InlineData("QUIT", LineKind.Incomplete)]
    [InlineData("QUIT\r", LineKind.Incomplete)]
    [InlineData("NOOP 67890123456789\r\n", LineKind.TooLong)]
    [InlineData("NOOP 89012345678901234567890\r\n", LineKind.TooLong)]
    internal void What_is_no_command_is_named(string octets, LineKind kind) =>
        Assert.Equal(kind, Take(octets, Encoding.Latin1).Kind);

    [Fact]
    public void Of_an_over_long_line_nothing_is_held()
    {
        var reader = new CommandReader(20);
        for (var i = 0; i < 1000; i++)
        {
            var piece = new ReadOnlySequence<byte>(new byte[100]);
            Assert.Equal(LineKind.Incomplete, reader.TryTake(ref piece, out _));
            Assert.True(piece.IsEmpty);
        }
        var end = new ReadOnlySequence<byte>("x\r\nQUIT\r\n"u8.ToArray());
        Assert.Equal(LineKind.TooLong, reader.TryTake(ref end, out _));
        Assert.Equal(LineKind.Command, reader.TryTake(ref end, out var command));
        Assert.Equal(Verb.Quit, command.Verb);
    }

    private static (LineKind Kind, CommandLine Command) Take(string octets, Encoding encoding)
    {
        var reader = new CommandReader(20);
        var input = new ReadOnlySequence<byte>(encoding.GetBytes(octets));
        return (reader.TryTake(ref input, out var command), command);
    }
}
