using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Gateway.Smtp;

/// <summary>What stands at the beginning of the input.</summary>
internal enum LineKind
{
    /// <summary>No line ends here yet.</summary>
    Incomplete,

    /// <summary>A command.</summary>
    Command,

    /// <summary>Longer than allowed; what came of it is gone, and it is answered once its end has come.</summary>
    TooLong,

    /// <summary>Ended by an LF without CR.</summary>
    BareNewline,

    /// <summary>A control character, or octets that are not UTF-8.</summary>
    Garbage,

    /// <summary>The client's part in an authentication.</summary>
    Response,
}

/// <summary>
/// Takes command lines off the input. A line ends with CRLF; one that ends with LF alone is no command: between servers
/// that read such lines differently, the end of a message can be forged (RFC 5321 §2.3.8), and no client sends them by
/// accident. Nothing of an over-long line is held.
/// </summary>
internal struct CommandReader(int maxLine)
{
    // RFC 4954 §3: MAIL with AUTH= is that much longer.
    private const int RoomForMailAuth = 500;

    private bool _isDiscarding;
    private byte[]? _response;

    /// <summary>AUTH lines, and MAIL, may be as long as RFC 4954 allows; all other commands keep their limit.</summary>
    public bool TakesAuth { get; set; }

    /// <summary>Shortens <paramref name="input"/> by what was taken.</summary>
    public LineKind TryTake(ref ReadOnlySequence<byte> input, out CommandLine command)
    {
        command = default;
        var kind = TryTakeLine(ref input, TakesAuth ? LimitOf(input) : maxLine, out var line);
        if (kind != LineKind.Command)
            return kind;
        if (line.IsSingleSegment)
            return Read(line.FirstSpan, out command);
        var copy = line.ToArray();
        kind = Read(copy, out command);
        if (command.Verb == Verb.Auth)
            CryptographicOperations.ZeroMemory(copy);
        return kind;
    }

    /// <summary>A line that is no command, whatever it looks like: <see cref="TakeResponse"/> has it.</summary>
    public LineKind TryTakeResponse(ref ReadOnlySequence<byte> input)
    {
        var kind = TryTakeLine(ref input, SaslExchange.MaxLine, out var line);
        if (kind != LineKind.Command)
            return kind;
        var end = line.Length - 1;
        if (end < 0 || line.Slice(end).FirstSpan[0] != '\r')
            return LineKind.BareNewline;
        _response = line.Slice(0, end).ToArray();
        return LineKind.Response;
    }

    /// <summary>What stood behind the mechanism in AUTH, or in the response: a secret, kept out of strings; null when nothing did.</summary>
    public byte[]? TakeResponse() => Interlocked.Exchange(ref _response, null);

    /// <summary>Command: a line has ended, be it as it should or not.</summary>
    private LineKind TryTakeLine(ref ReadOnlySequence<byte> input, int limit, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (input.PositionOf((byte)'\n') is not { } newline)
        {
            if (_isDiscarding || input.Length > limit)
            {
                _isDiscarding = true;
                input = input.Slice(input.End);
            }
            return LineKind.Incomplete;
        }
        line = input.Slice(0, newline);
        input = input.Slice(input.GetPosition(1, newline));
        if (_isDiscarding || line.Length >= limit)
        {
            _isDiscarding = false;
            return LineKind.TooLong;
        }
        return LineKind.Command;
    }

    private readonly int LimitOf(in ReadOnlySequence<byte> input)
    {
        if (input.Length < 5)
            return maxLine;
        Span<byte> start = stackalloc byte[5];
        input.Slice(0, 5).CopyTo(start);
        return Ascii.EqualsIgnoreCase(start, "AUTH "u8) ? Math.Max(maxLine, SaslExchange.MaxLine)
            : Ascii.EqualsIgnoreCase(start, "MAIL "u8) ? maxLine + RoomForMailAuth
            : maxLine;
    }

    private LineKind Read(ReadOnlySpan<byte> line, out CommandLine command)
    {
        command = default;
        if (!line.EndsWith((byte)'\r'))
            return LineKind.BareNewline;
        line = line[..^1];
        if (line.ContainsAnyInRange((byte)0, (byte)31) || line.Contains((byte)127)
            || (!Ascii.IsValid(line) && !Utf8.IsValid(line)))
        {
            return LineKind.Garbage;
        }
        command = CommandLine.Parse(line, out var response);
        _response = response;
        return LineKind.Command;
    }
}
