namespace Gateway.Smtp;

/// <summary>
/// Dot-stuffing (RFC 5321 §4.5.2) while copying: a line that begins with a dot gets another one. The text may come in any
/// pieces; only CRLF begins a line, as only CRLF.CRLF ends a message (§2.3.8).
/// </summary>
public struct DotStuffer
{
    private enum Place
    {
        LineStart,
        AfterCr,
        InLine,
    }

    private Place _place;

    /// <summary>Nothing yet, or CRLF last: the end-of-data dot may follow at once.</summary>
    public readonly bool AtLineStart => _place == Place.LineStart;

    /// <summary>Copies as much as fits.</summary>
    /// <param name="source">The next octets of the message.</param>
    /// <param name="destination">At least 2 octets, or a dot may never find room.</param>
    /// <param name="consumed">Octets of the source that are done.</param>
    /// <returns>Octets written.</returns>
    public int Encode(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed)
    {
        consumed = 0;
        var written = 0;
        while (consumed < source.Length)
        {
            var from = source[consumed..];
            var to = destination[written..];
            if (_place == Place.LineStart && from[0] == '.')
            {
                if (to.Length < 2)
                    break;
                to[0] = to[1] = (byte)'.';
                _place = Place.InLine;
                consumed++;
                written += 2;
                continue;
            }

            var length = Run(from[..Math.Min(from.Length, to.Length)]);
            if (length == 0)
                break;
            from = from[..length];
            from.CopyTo(to);
            _place = PlaceAfter(from);
            consumed += length;
            written += length;
        }
        return written;
    }

    /// <summary>Octets that can be copied as they are. The search never looks at more than what there is room for.</summary>
    private readonly int Run(ReadOnlySpan<byte> window)
    {
        if (_place == Place.AfterCr && window.StartsWith((byte)'\n'))
            return 1;
        var dot = window.IndexOf("\r\n."u8);
        return dot < 0 ? window.Length : dot + 2;
    }

    private readonly Place PlaceAfter(ReadOnlySpan<byte> copied) => copied[^1] switch
    {
        (byte)'\r' => Place.AfterCr,
        (byte)'\n' when (copied.Length > 1 ? copied[^2] == '\r' : _place == Place.AfterCr) => Place.LineStart,
        _ => Place.InLine,
    };
}
