using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Gateway.Smtp;
using Gateway.Smtp.Tests.Server;

namespace Gateway.Fuzzing.Smtp;

/// <summary>
/// A client's whole side of a session (<see cref="SmtpSession"/>): commands, message data, and BDAT, whose chunks stand between commands.
/// The first octet chooses options. However the octets arrive, the replies, the messages and the end are the same, and each reply is one.
/// </summary>
internal static class SessionTarget
{
    private static readonly SmtpServerOptions Plain = new()
    {
        HostName = "mx.gateway.test",
        MaxMessageSize = 1 << 16,
        MaxRecipients = 4,
        MaxCommandLine = 128,
        MaxJunkCommands = 40,
        OffersAuth = true,
    };

    public static void Check(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var choice = input[0];
        input = input[1..];
        var options = Plain with
        {
            BareNewline = (choice & 1) == 1 ? BareNewline.Normalize : BareNewline.Reject,
            RefusesEarlyInput = (choice & 2) == 2,
        };
        var whole = Play(input, input.Length, choice, options);
        CheckReplies(whole.Replies);
        Property.Same(whole, Play(input, 1, choice, options), "octet by octet, the session is the same");
        // A client that waits is no early talker, so there the time of arrival counts.
        if (!options.RefusesEarlyInput)
            Property.Same(whole, PlayInTime(input, 7, choice, options), "when octets arrive later, the session is the same");
    }

    private readonly record struct Played(string Replies, string Asked, string Messages, SessionEnd End);

    private static FakeHandler Handler(byte choice) => new() { MayXclient = (choice & 4) == 4, IsOwnClient = (choice & 8) == 8 };

    /// <summary>All octets are there from the beginning, in segments of that size.</summary>
    private static Played Play(ReadOnlySpan<byte> input, int size, byte choice, SmtpServerOptions options)
    {
        var output = new Pipe(DuplexPipe.Inline);
        var handler = Handler(choice);
        var transport = new DuplexPipe(PipeReader.Create(Cuts.Segments(input, Math.Max(1, size))), output.Writer);
        var session = new SmtpSession(transport, handler.SessionWith(options), handler, new ManualTime());
        return Result(session.RunAsync(CancellationToken.None, CancellationToken.None), output, handler);
    }

    /// <summary>The session has answered one piece before the next one arrives.</summary>
    private static Played PlayInTime(ReadOnlySpan<byte> input, int size, byte choice, SmtpServerOptions options)
    {
        var (arriving, output) = (new Pipe(DuplexPipe.Inline), new Pipe(DuplexPipe.Inline));
        var handler = Handler(choice);
        var session = new SmtpSession(new DuplexPipe(arriving.Reader, output.Writer), handler.SessionWith(options), handler, new ManualTime());
        var running = session.RunAsync(CancellationToken.None, CancellationToken.None);
        for (var at = 0; at < input.Length; at += size)
        {
            arriving.Writer.Write(input.Slice(at, Math.Min(size, input.Length - at)));
            arriving.Writer.FlushAsync().AsTask().GetAwaiter().GetResult();
        }
        arriving.Writer.Complete();
        return Result(running, output, handler);
    }

    private static Played Result(Task<SessionEnd> running, Pipe output, FakeHandler handler)
    {
        var end = running.GetAwaiter().GetResult();
        output.Writer.Complete();
        output.Reader.TryRead(out var read);
        return new(
            Encoding.Latin1.GetString(read.Buffer), string.Join('\n', handler.Asked),
            string.Join('\n', handler.Messages.Select(static message => $"{message.Envelope.Sender} {string.Join(' ', message.Envelope.Recipients)} {message.Text}")), end);
    }

    private static void CheckReplies(string replies)
    {
        Property.Holds(replies.EndsWith("\r\n", StringComparison.Ordinal), "the last reply ends with CRLF");
        foreach (var line in replies[..^2].Split("\r\n"))
        {
            Property.IsPrintable(line, "a line of a reply");
            Property.Holds(line.Length <= 510, "a line of a reply is longer than 512 octets");
            Property.Holds(line.Length >= 4 && line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2]) && line[3] is ' ' or '-',
                "a line of a reply has no code", line);
        }
    }
}
