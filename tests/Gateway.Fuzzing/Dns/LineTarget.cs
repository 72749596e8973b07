using System.Text;
using Gateway.Dns;

namespace Gateway.Fuzzing.Dns;

/// <summary>
/// One line of text: a record (<see cref="RecordText"/>), a fault (<see cref="FaultChange"/>), a time (<see cref="TimeUnits"/>) and a line
/// of resolv.conf (<see cref="SystemServers"/>). What is written is read again as it was.
/// </summary>
internal static class LineTarget
{
    public static void Check(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        var isRecord = RecordText.TryParse(text, out var record, out var problem);
        Property.Same(isRecord, record is not null, "a record is returned if and only if it was read");
        Property.Same(isRecord, problem is null, "a problem is returned if and only if there is no record");
        if (record is not null)
            CheckText(record);
        CheckString(text);
        CheckFault(text);
        CheckTime(text);
        foreach (var server in SystemServers.Parse(text))
            Property.Same(53, server.Port, "a server of resolv.conf has the port of the DNS");
    }

    /// <summary>A record that can be written as text is the same record when the text is read.</summary>
    public static void CheckText(ResourceRecord record)
    {
        if (record is TxtRecord or SoaRecord or OpaqueRecord)
            return;
        var text = RecordText.Format(record);
        Property.IsPrintable(text, "a record's text");
        Property.Holds(RecordText.TryParse(text, out var again, out var problem), $"the record's own text cannot be read, it {problem}: {text}");
        Property.Same(record with { TimeToLive = again!.TimeToLive }, again, "a record's text is the same record again");
    }

    /// <summary>RFC 1035 §5.1: a backslash before a letter that is no digit gives the letter.</summary>
    private static void CheckString(string text)
    {
        if (text.AsSpan().ContainsAny('\r', '\n') || Encoding.UTF8.GetByteCount(text) > byte.MaxValue)
            return;
        var line = new StringBuilder("x TXT \"");
        foreach (var letter in text)
            line.Append(char.IsAsciiDigit(letter) || char.IsLowSurrogate(letter) ? "" : "\\").Append(letter);
        Property.Holds(RecordText.TryParse(line.Append('"').ToString(), out var record, out var problem), "a string of escapes is a string", problem);
        Property.Same(Encoding.UTF8.GetBytes(text), ((TxtRecord)record!).Strings[0].Span, "an escape gives the letter that it escapes");
    }

    private static void CheckFault(string text)
    {
        var isFault = FaultChange.TryParse(text, out var change, out var problem);
        Property.Same(isFault, change is not null, "a change is returned if and only if it was read");
        Property.Same(isFault, problem is null, "a problem is returned if and only if there is no change");
        if (change is null)
            return;
        Property.IsPrintable(change.ToString(), "a change's text");
        Property.Holds(FaultChange.TryParse(change.ToString(), out var again), "the change's own text cannot be read", change);
        Property.Same(change, again, "a change's text is the same change again");
    }

    private static void CheckTime(string text)
    {
        if (!TimeUnits.TryReadFine(text, out var time))
            return;
        Property.Holds(time >= TimeSpan.Zero && time.TotalSeconds <= TimeUnits.MaxSeconds, "a time is bounded");
        Property.Holds(TimeUnits.TryReadFine(TimeUnits.Write(time), out var again), "a time's own text is a time");
        Property.Same(time, again, "a time's text is the same time again");
    }
}
