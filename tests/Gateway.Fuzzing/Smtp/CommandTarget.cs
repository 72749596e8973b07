using System.Text;
using Gateway.Smtp;

namespace Gateway.Fuzzing.Smtp;

/// <summary>
/// Command lines (<see cref="CommandReader"/>, <see cref="CommandLine"/>). The first octet tells whether AUTH is offered. However the
/// octets arrive, the lines are the same; no line is longer than its limit; no argument holds a control character.
/// </summary>
internal static class CommandTarget
{
    // Short, so that small inputs reach it. MAIL has 500 octets more, and AUTH a limit of its own.
    private const int MaxLine = 64;

    public static void Check(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var takesAuth = (input[0] & 1) == 1;
        input = input[1..];
        var whole = Read(input, input.Length, takesAuth);
        Property.Same(whole, Read(input, 1, takesAuth), "octet by octet, the lines are the same");
        Property.Same(whole, Read(input, 7, takesAuth), "in sevens, the lines are the same");
    }

    /// <summary>Reads as a session does: what has arrived and was not taken is seen again, with more behind it.</summary>
    private static string Read(ReadOnlySpan<byte> input, int size, bool takesAuth)
    {
        var lines = new StringBuilder();
        var all = Cuts.Segments(input, Math.Max(1, size));
        var reader = new CommandReader(MaxLine) { TakesAuth = takesAuth };
        var isResponse = false;
        var taken = 0L;
        for (var arrived = 0; arrived < input.Length;)
        {
            arrived = Math.Min(arrived + size, input.Length);
            var rest = all.Slice(taken, arrived - taken);
            while (true)
            {
                var before = rest.Length;
                var command = default(CommandLine);
                var kind = isResponse ? reader.TryTakeResponse(ref rest) : reader.TryTake(ref rest, out command);
                taken += before - rest.Length;
                if (kind == LineKind.Incomplete)
                    break;
                var response = reader.TakeResponse();
                CheckLine(kind, command, response, before - rest.Length);
                lines.Append(kind).Append(' ').Append(command.Verb).Append(' ').Append(command.Argument).Append(' ')
                    .AppendLine(response is null ? "-" : Convert.ToHexString(response));
                isResponse = takesAuth && !isResponse && command.Verb == Verb.Auth;
            }
        }
        return lines.ToString();
    }

    private static void CheckLine(LineKind kind, CommandLine command, byte[]? response, long taken)
    {
        if (kind == LineKind.Command)
        {
            Property.Holds(taken <= (command.Verb is Verb.Auth ? SaslExchange.MaxLine : MaxLine + 500), "a command is longer than its limit");
            Property.Holds(!command.Argument.AsSpan().ContainsAnyInRange('\0', '\x1F') && !command.Argument.Contains('\x7F'),
                "an argument holds a control character");
            Property.Holds(command.Argument.Trim(' ') == command.Argument || command.Verb == Verb.Unknown, "an argument has spaces around it");
            Property.Holds(!command.Argument.Contains('\uFFFD') || taken > 3, "an argument holds what was not UTF-8");
        }
        Property.Holds(response is null || !response.AsSpan().Contains((byte)'\n'), "a response goes over the end of its line");
    }
}
