namespace Gateway.Dns;

/// <summary>A word of a zone file with its escapes still in it, because names and strings unescape differently.</summary>
internal readonly record struct MasterFileToken(string Text, bool IsQuoted);

/// <summary>One entry: the words of a line, or of several that parentheses join (RFC 1035 §5.1).</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="BeginsBlank">Whether white space stands where the owner would: the owner is the last one's.</param>
/// <param name="Tokens">The words.</param>
/// <param name="IsPragma">Whether the words stood in a comment that begins with <c>;@</c>.</param>
/// <param name="Failure">Why the entry cannot be read.</param>
internal sealed record MasterFileEntry(
    int Line, bool BeginsBlank, IReadOnlyList<MasterFileToken> Tokens, bool IsPragma = false, string? Failure = null);

/// <summary>Cuts the text of a zone file into entries: comments, quotes, escapes and parentheses of RFC 1035 §5.1.</summary>
internal sealed class MasterFileLexer(string text)
{
    private readonly List<MasterFileEntry> _pragmas = [];
    private int _at;
    private int _line = 1;

    public IEnumerable<MasterFileEntry> Entries()
    {
        while (_at < text.Length)
        {
            var entry = Next();
            foreach (var pragma in _pragmas)
                yield return pragma;
            _pragmas.Clear();
            if (entry.Tokens.Count > 0 || entry.Failure is not null)
                yield return entry;
        }
    }

    private MasterFileEntry Next()
    {
        var begin = _line;
        var beginsBlank = text[_at] is ' ' or '\t';
        var tokens = new List<MasterFileToken>();
        var depth = 0;
        string? failure = null;
        while (_at < text.Length)
        {
            var letter = text[_at];
            if (letter == '\n')
            {
                _at++;
                _line++;
                if (depth == 0)
                    break;
            }
            else if (letter is ' ' or '\t' or '\r')
                _at++;
            else if (letter == ';')
                SkipComment();
            else if (letter is '(' or ')')
            {
                _at++;
                depth += letter == '(' ? 1 : -1;
                if (depth < 0)
                {
                    failure ??= "\")\" has no \"(\" before it";
                    depth = 0;
                }
            }
            else
            {
                if (tokens.Count == 0)
                    begin = _line;
                if (letter == '"' ? !TryReadQuoted(tokens) : !TryReadWord(tokens))
                    failure ??= "a quoted string must end on the line where it begins";
            }
        }
        if (depth > 0)
            failure ??= "\"(\" is never closed with \")\"";
        return new(begin, beginsBlank, tokens, Failure: failure);
    }

    private bool TryReadQuoted(List<MasterFileToken> tokens)
    {
        var begin = ++_at;
        while (_at < text.Length && text[_at] is not ('"' or '\n'))
            _at += IsEscape(_at) ? 2 : 1;
        tokens.Add(new(text[begin.._at], IsQuoted: true));
        if (_at == text.Length || text[_at] == '\n')
            return false;
        _at++;
        return true;
    }

    private bool TryReadWord(List<MasterFileToken> tokens)
    {
        var begin = _at;
        while (_at < text.Length && text[_at] is not (' ' or '\t' or '\r' or '\n' or ';' or '(' or ')' or '"'))
            _at += IsEscape(_at) ? 2 : 1;
        tokens.Add(new(text[begin.._at], IsQuoted: false));
        return true;
    }

    // A backslash never reaches over the end of its line.
    private bool IsEscape(int at) => text[at] == '\\' && at + 1 < text.Length && text[at + 1] is not ('\r' or '\n');

    private void SkipComment()
    {
        var end = text.IndexOf('\n', _at);
        end = end < 0 ? text.Length : end;
        // ";@word" speaks to us; "; @" and ";@ IN NS" are what people comment out.
        if (_at + 2 < end && text[_at + 1] == '@' && char.IsAsciiLetter(text[_at + 2]))
        {
            var words = text[(_at + 2)..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var tokens = words.Select(static word => new MasterFileToken(word, IsQuoted: false));
            _pragmas.Add(new(_line, BeginsBlank: false, [.. tokens], IsPragma: true));
        }
        _at = end;
    }
}
