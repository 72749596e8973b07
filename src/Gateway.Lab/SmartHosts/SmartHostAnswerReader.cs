using System.Globalization;
using Gateway.Dns;
using Gateway.Smtp;

namespace Gateway.Lab.SmartHosts;

/// <summary>Reads a <see cref="SmartHostAnswer"/>, with one small method for each part of its grammar.</summary>
internal sealed class SmartHostAnswerReader(string text)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    private readonly string[] _words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    private int _at;

    /// <summary>The first mistake, after <see cref="Read"/> has returned null.</summary>
    public string Problem { get; private set; } = "";

    private string? Word => _at < _words.Length ? _words[_at] : null;

    public SmartHostAnswer? Read()
    {
        if (_words.Length == 1 && Is("down"))
            return new SmartHostAnswer.Down();
        if (_words.Length == 1 && Is("up"))
            return new SmartHostAnswer.Up();
        if (Is("auth"))
            return _words is [_, var user, var password]
                ? new SmartHostAnswer.Authenticate(user, password)
                : Wrong(text.Trim(), "AUTH and then a user's name and password, one word each");
        return ReadPoint() is { } point ? ReadAt(point) : null;
    }

    private bool Is(string word) => word.Equals(Word, StringComparison.OrdinalIgnoreCase);

    private SmartHostPoint? ReadPoint()
    {
        if (Word is not { } word || !Enum.TryParse<SmartHostPoint>(word, ignoreCase: true, out var point) || !char.IsAsciiLetter(word[0]))
        {
            Wrong(Word, $"a point of the dialogue ({string.Join(", ", Enum.GetNames<SmartHostPoint>()).ToUpperInvariant()}), AUTH, down or up");
            return null;
        }
        _at++;
        return point;
    }

    private SmartHostAnswer.At? ReadAt(SmartHostPoint point)
    {
        string? recipient = null;
        if (Word is ['<', .., '>'] path)
        {
            if (point < SmartHostPoint.Rcpt)
                return Wrong(path, $"no recipient, because none is known at {point.ToString().ToUpperInvariant()}");
            recipient = path[1..^1];
            _at++;
        }
        if (ReadPercent() is not { } percent || ReadDelay() is not { } delay)
            return null;
        return ReadDeed(point, recipient, isLate: delay > TimeSpan.Zero) is { } deed ? deed with { Percent = percent, Delay = delay } : null;
    }

    private int? ReadPercent()
    {
        if (Word is not [.., '%'] word)
            return 100;
        _at++;
        if (int.TryParse(word.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is >= 1 and <= 100)
            return percent;
        Wrong(word, "a chance from 1% to 100%");
        return null;
    }

    private TimeSpan? ReadDelay()
    {
        if (!Is("delay"))
            return TimeSpan.Zero;
        _at++;
        if (Word is { } word && TimeUnits.TryReadFine(word, out var delay) && delay > TimeSpan.Zero && delay <= LongestDelay)
        {
            _at++;
            return delay;
        }
        Wrong(Word, "a time up to 1h, such as 500ms, 3s or 2m");
        return null;
    }

    private SmartHostAnswer.At? ReadDeed(SmartHostPoint point, string? recipient, bool isLate)
    {
        var isLast = _at == _words.Length - 1;
        if (isLast && Is("drop"))
            return new SmartHostAnswer.Drops(point, recipient);
        if (isLast && Is("silent"))
            return new SmartHostAnswer.KeepsSilent(point, recipient);
        if (Word is null && isLate)
            return new SmartHostAnswer.Says(point, recipient, null);
        if (point == SmartHostPoint.Body)
            return Wrong(Word, "drop, silent or a delay, because nothing is answered within a message");
        return ReadReply(point) is { } reply ? new SmartHostAnswer.Says(point, recipient, reply) : null;
    }

    private Reply? ReadReply(SmartHostPoint point)
    {
        // Positive replies that drive the protocol, such as 354 and 220, cannot be replaced.
        var least = point == SmartHostPoint.Data ? 400 : 200;
        if (Word is not { } word || !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code < least || code > 599)
        {
            Wrong(Word, $"drop, silent, or a reply code from {least} to 599 and its text");
            return null;
        }
        _at++;
        var status = ReadStatus();
        if (status is { } given && given.Class != code / 100)
        {
            Wrong(given.ToString(), $"an enhanced status of the code's class, {code / 100}.x.x");
            return null;
        }
        return new Reply(code, status, string.Join(' ', _words.Skip(_at)));
    }

    private EnhancedStatusCode? ReadStatus()
    {
        if (Word?.Split('.') is not [var first, var second, var third]
            || !TryNumber(first, out var @class) || !TryNumber(second, out var subject) || !TryNumber(third, out var detail))
            return null;
        _at++;
        return new(@class, subject, detail);
    }

    private static bool TryNumber(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && digits.Length <= 3;

    private SmartHostAnswer.At? Wrong(string? word, string allowed)
    {
        Problem = word is null ? $"a word is missing: use {allowed}" : $"\"{word}\" is not allowed: use {allowed}";
        return null;
    }
}
