using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Server.Configuration;

/// <summary>What is wrong with a file that should be JSON, in words for whoever wrote it, and the line in which to look.</summary>
internal sealed class JsonSyntax
{
    private const int MaxShown = 30;

    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly SearchValues<byte> Ends = SearchValues.Create(" \t\r\n,:{}[]\""u8);

    private readonly byte[] _text;

    // Each object or list that is open: where it began, and the keys of an object so far.
    private readonly Stack<(long At, HashSet<string>? Keys)> _open = [];
    private JsonTokenType _last;

    private JsonSyntax(byte[] text) => _text = text;

    /// <summary>The first mistake of a configuration file; null when it is one object, each of whose keys stands there once.</summary>
    public static (int Line, string Problem)? FirstMistake(byte[] text) =>
        Utf8.IsValid(text) ? new JsonSyntax(text).Find() : (LineOfWrongOctet(text), "this line is not in UTF-8: save the file in the encoding UTF-8");

    private static int LineOfWrongOctet(ReadOnlySpan<byte> text)
    {
        var line = 1;
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done)
        {
            line += rune.Value == '\n' ? 1 : 0;
            text = text[length..];
        }
        return line;
    }

    private (int Line, string Problem)? Find()
    {
        var content = _text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        long end = content;
        var reader = new Utf8JsonReader(_text.AsSpan(content), Lenient);
        try
        {
            while (reader.Read())
            {
                if (Take(ref reader, content) is { } problem)
                    return (LineOf(content + reader.TokenStartIndex), problem);
                end = content + reader.BytesConsumed;
            }
            return null;
        }
        catch (JsonException)
        {
            return Explain(end);
        }
    }

    private string? Take(ref Utf8JsonReader reader, int content)
    {
        if (_last == JsonTokenType.None && reader.TokenType != JsonTokenType.StartObject)
            return "the file must begin with \"{\", because a configuration is a JSON object";
        _last = reader.TokenType;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _open.Push((content + reader.TokenStartIndex, new(StringComparer.OrdinalIgnoreCase)));
                break;
            case JsonTokenType.StartArray:
                _open.Push((content + reader.TokenStartIndex, null));
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _open.Pop();
                break;
            case JsonTokenType.PropertyName:
                var key = reader.GetString()!;
                if (!_open.Peek().Keys!.Add(key))
                    return $"the key \"{key}\" appears here for the second time (upper and lower case are the same): delete one of the two";
                break;
        }
        return null;
    }

    /// <param name="end">Behind the last token that could be read.</param>
    private (int Line, string Problem) Explain(long end)
    {
        var next = SkipBlanks(end);
        if (next == _text.Length)
            return _open.TryPeek(out var open)
                ? (LineOf(open.At), $"the \"{Opening}\" on this line is never closed: add the missing \"{Closing}\"")
                : (LineOf(_text.Length), "the file is empty: a configuration is a JSON object, { … }");
        var wrong = (char)_text[next];
        // The reader takes a key together with its colon.
        if (_last == JsonTokenType.PropertyName)
            return ExplainValue(next);
        if (_open.Count == 0)
            return (LineOf(next), _last == JsonTokenType.None ? "the file must begin with \"{\", because a configuration is a JSON object" : $"the configuration ends with its last \"}}\", but {Found(next)} follows: remove it");
        if (wrong is ',')
            return _last is JsonTokenType.StartObject or JsonTokenType.StartArray ? (LineOf(next), $"a comma was found before the first {(_open.Peek().Keys is null ? "value" : "key")}: remove it") : ExplainItem(SkipBlanks(next + 1));
        if (wrong is '}' or ']')
            return (LineOf(next), $"\"{wrong}\" was found where \"{Closing}\" is expected, because the \"{Opening}\" on line {LineOf(_open.Peek().At)} is not closed yet");
        return _last is JsonTokenType.StartObject or JsonTokenType.StartArray ? ExplainItem(next) : (LineOf(end), $"a comma is missing at the end of this line, before {Found(next)}");
    }

    private char Opening => _open.Peek().Keys is null ? '[' : '{';

    private char Closing => _open.Peek().Keys is null ? ']' : '}';

    private (int Line, string Problem) ExplainItem(long at) =>
        at == _text.Length ? Explain(at)
        : _open.Peek().Keys is null ? ExplainValue(at)
        : _text[at] == '"' ? (LineOf(at), Shown(at) is ['"', .., '"'] key ? $"a colon is missing after {key}" : $"the key {Shown(at)} has no closing quote on its line")
        : (LineOf(at), $"{Found(at)} was found where a key in double quotes is expected");

    private (int Line, string Problem) ExplainValue(long at) =>
        _text[at] == '"' ? (LineOf(at), $"the text {Shown(at)} has no closing quote on its line, or a wrong escape (write a backslash as \\\\)")
        : (LineOf(at), $"{Found(at)} was found where a value is expected: write text in double quotes, a number, true, false or null");

    // White space and comments; a comment without an end is shown as it is.
    private long SkipBlanks(long at)
    {
        while (at < _text.Length)
        {
            if (_text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                at++;
            else if (_text.AsSpan((int)at).StartsWith("//"u8))
                at = EndOf("\n"u8, at);
            else if (_text.AsSpan((int)at).StartsWith("/*"u8) && _text.AsSpan((int)at).IndexOf("*/"u8) >= 0)
                at = EndOf("*/"u8, at);
            else
                break;
        }
        return at;
    }

    private long EndOf(ReadOnlySpan<byte> mark, long at) =>
        _text.AsSpan((int)at).IndexOf(mark) is >= 0 and var found ? at + found + mark.Length : _text.Length;

    private int LineOf(long at) => 1 + _text.AsSpan(0, (int)at).Count((byte)'\n');

    // A punctuation mark is hard to see in a sentence without quotes.
    private string Found(long at) => Ends.Contains(_text[at]) && _text[at] != '"' ? $"\"{(char)_text[at]}\"" : Shown(at);

    // As far as it belongs together: a text to its line's end, anything else to the next sign.
    private string Shown(long at)
    {
        var rest = _text.AsSpan((int)at);
        var isText = rest[0] == '"';
        var behind = isText ? rest[1..].IndexOfAny("\"\r\n"u8) + 1 : rest[1..].IndexOfAny(Ends);
        var length = behind < (isText ? 1 : 0) ? rest.Length : behind + 1;
        var whole = Encoding.UTF8.GetString(rest[..length]).TrimEnd('\r', '\n');
        return whole.Length > MaxShown ? whole[..MaxShown] + "…" : whole;
    }
}
