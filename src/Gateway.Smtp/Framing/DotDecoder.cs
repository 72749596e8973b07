namespace Gateway.Smtp;

/// <summary>
/// Finds the end of a message and undoes dot-stuffing (RFC 5321 §4.5.2), at any cut of the stream. Only CRLF.CRLF ends a
/// message: a CR or LF that stands alone is noted and never begins a line (§2.3.8, §4.1.1.4), for where two servers
/// disagree on that, one message becomes two. Lines have no greatest length: real mail exceeds 1000 octets, and a signature
/// would not survive a fold. For BDAT the newlines alone are watched: its chunks carry no dots (RFC 3030 §2).
/// </summary>
internal sealed class DotDecoder(BareNewline bare, bool isChunked = false)
{
    // Where the next octet stands. The first of DATA follows the CRLF of its command.
    private enum Place
    {
        LineStart,

        /// <summary>Behind a newline that stood alone: a dot means nothing, a NUL as much as at any start of a line.</summary>
        AfterBare,
        Text,
        AfterCr,
        AfterDot,
        AfterDotCr,
        End,
    }

    private Place _place = Place.LineStart;

    public bool IsComplete => _place == Place.End;

    /// <summary>A CR without LF, or an LF without CR, occurred.</summary>
    public bool HasBareNewline { get; private set; }

    /// <summary>
    /// A line began with NUL, which no data without BINARYMIME may hold (RFC 2045 §2.7, §2.8). Who strips NULs behind us would find a
    /// dot at the start of the line that was not stuffed, and with it the end of the message.
    /// </summary>
    public bool HasNulLine { get; private set; }

    /// <summary>Moves content to <paramref name="output"/>, and says how many octets of <paramref name="input"/> it took.</summary>
    public int Decode(ReadOnlySpan<byte> input, MessageBuffer output)
    {
        var at = 0;
        var kept = 0; // what lies between here and there goes to the output as it is, in one piece
        while (at < input.Length && _place != Place.End)
        {
            switch (_place)
            {
                case Place.Text:
                    at = SkipText(input, at);
                    if (at == input.Length)
                        break;
                    _place = input[at++] == '\r' ? Place.AfterCr : Place.AfterBare;
                    if (_place == Place.AfterBare)
                        Bare(input[kept..(at - 1)], "\n"u8, ref kept, at, output);
                    break;
                case Place.AfterCr when input[at] == '\n':
                    at++;
                    _place = Place.LineStart;
                    break;
                case Place.AfterCr:
                    // A carriage return that began with the last piece is in the output already: its line feed is missing.
                    _place = Place.AfterBare;
                    HasBareNewline = true;
                    if (bare == BareNewline.Normalize)
                    {
                        output.Append(input[kept..at]);
                        output.Append("\n"u8);
                        kept = at;
                    }
                    break;
                case Place.LineStart when input[at] == '.' && !isChunked:
                    output.Append(input[kept..at]);
                    kept = ++at;
                    _place = Place.AfterDot;
                    break;
                case Place.LineStart or Place.AfterBare:
                    HasNulLine |= input[at] == 0;
                    _place = Place.Text;
                    break;
                case Place.AfterDot when input[at] == '\r':
                    kept = ++at;
                    _place = Place.AfterDotCr;
                    break;
                case Place.AfterDot:
                    HasNulLine |= input[at] == 0;
                    _place = Place.Text;
                    break;
                case Place.AfterDotCr when input[at] == '\n':
                    kept = ++at;
                    _place = Place.End;
                    break;
                case Place.AfterDotCr:
                    _place = Place.AfterBare;
                    Bare([], "\r"u8, ref kept, at, output);
                    break;
            }
        }
        output.Append(input[kept..at]);
        return at;
    }

    /// <summary>The last chunk has come: a CR at its end has no LF any more.</summary>
    public void CompleteChunks(MessageBuffer output)
    {
        if (_place != Place.AfterCr)
            return;
        HasBareNewline = true;
        if (bare == BareNewline.Normalize)
            output.Append("\n"u8);
    }

    /// <summary>To the next CR or LF that needs a look: whole lines with an ordinary beginning behind them do not.</summary>
    private int SkipText(ReadOnlySpan<byte> input, int at)
    {
        while (true)
        {
            var step = input[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (step < 0)
                return input.Length;
            at += step;
            if (at + 2 >= input.Length || input[at] != '\r' || input[at + 1] != '\n' || IsLookedAt(input[at + 2]))
                return at;
            at += 2;
        }
    }

    private bool IsLookedAt(byte start) => start == 0 || (start == '.' && !isChunked);

    private void Bare(ReadOnlySpan<byte> before, ReadOnlySpan<byte> octet, ref int kept, int at, MessageBuffer output)
    {
        HasBareNewline = true;
        output.Append(before);
        output.Append(bare == BareNewline.Normalize ? "\r\n"u8 : octet);
        kept = at;
    }
}
