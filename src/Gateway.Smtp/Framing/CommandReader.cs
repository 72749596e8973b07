using System.Buffers;
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
}

/// <summary>
/// Takes command lines off the input. A line ends with CRLF; one that ends with LF alone is no command: between servers
/// that read such lines differently, the end of a message can be forged (RFC 5321 §2.3.8), and no client sends them by
/// accident. Nothing of an over-long line is held.
/// </summary>
internal struct CommandReader(int maxLine)
{
    private bool _isDiscarding;

    /// <summary>Shortens <paramref name="input"/> by what was taken.</summary>
    public LineKind TryTake(ref ReadOnlySequence<byte> input, out CommandLine command)
    {
        command = default;
        if (input.PositionOf((byte)'\n') is not { } newline)
        {
            if (_isDiscarding || input.Length > maxLine)
            {
                _isDiscarding = true;
                input = input.Slice(input.End);
            }
            return LineKind.Incomplete;
        }
        var line = input.Slice(0, newline);
        input = input.Slice(input.GetPosition(1, newline));
        if (_isDiscarding || line.Length >= maxLine)
        {
            _isDiscarding = false;
            return LineKind.TooLong;
        }
        return line.IsSingleSegment ? Read(line.FirstSpan, out command) : Read(line.ToArray(), out command);
    }

    private static LineKind Read(ReadOnlySpan<byte> line, out CommandLine command)
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
        command = CommandLine.Parse(line);
        return LineKind.Command;
    }
}
