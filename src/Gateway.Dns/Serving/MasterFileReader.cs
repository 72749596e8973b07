namespace Gateway.Dns;

/// <summary>Something read from a zone file, and where it stood.</summary>
internal readonly record struct Placed<T>(T Content, string File, int Line);

/// <summary>
/// Reads entries into records: directives, and what a line may leave out (RFC 1035 §5.1, RFC 2308 §4). An error costs its
/// entry only, so that one reading finds all of them.
/// </summary>
internal sealed class MasterFileReader(DomainName? origin, Func<string, string?>? include)
{
    private const int MaxIncludeDepth = 8;

    private DomainName? _origin = origin;
    private DomainName? _owner;
    private bool _isOwnerBroken;
    private TimeSpan? _defaultTimeToLive;
    private TimeSpan? _lastTimeToLive;
    private string _file = "";
    private int _line;

    public List<Placed<ResourceRecord>> Records { get; } = [];

    public List<Placed<FaultRule>> Faults { get; } = [];

    public List<MasterFileError> Errors { get; } = [];

    /// <summary>Whether an SOA record stood anywhere, readable or not: a broken one is not also missing.</summary>
    public bool HasSeenAuthority { get; private set; }

    public void Read(string file, string text, int depth)
    {
        foreach (var entry in new MasterFileLexer(text).Entries())
        {
            (_file, _line) = (file, entry.Line);
            if (entry.Failure is not null)
                Fail(entry.Failure);
            else if (entry.IsPragma)
                ReadPragma(entry.Tokens);
            else if (entry.Tokens[0] is { IsQuoted: false, Text: ['$', ..] } && !entry.BeginsBlank)
                ReadDirective(entry.Tokens, depth);
            else
                ReadRecord(entry);
        }
    }

    private void Fail(string reason) => Errors.Add(new(_file, _line, reason));

    private void ReadDirective(IReadOnlyList<MasterFileToken> tokens, int depth)
    {
        switch (tokens[0].Text.ToUpperInvariant())
        {
            case "$ORIGIN" when tokens.Count == 2:
                _origin = ReadName(tokens[1]) ?? _origin;
                break;
            case "$TTL" when tokens.Count == 2:
                if (TimeUnits.TryRead(tokens[1].Text, out var time))
                    _defaultTimeToLive = time;
                else
                    Fail($"\"{tokens[1].Text}\" is not a TTL");
                break;
            case "$INCLUDE" when tokens.Count is 2 or 3:
                Include(tokens, depth);
                break;
            case "$ORIGIN" or "$TTL" or "$INCLUDE":
                Fail($"{tokens[0].Text} has the wrong number of arguments");
                break;
            default:
                Fail($"unknown directive {tokens[0].Text}");
                break;
        }
    }

    private void Include(IReadOnlyList<MasterFileToken> tokens, int depth)
    {
        if (depth == MaxIncludeDepth)
        {
            Fail($"$INCLUDE is nested deeper than {MaxIncludeDepth} files: does a file include itself?");
            return;
        }
        var file = tokens[1].Text;
        var inner = tokens.Count == 3 ? ReadName(tokens[2]) : _origin;
        if (tokens.Count == 3 && inner is null)
            return;
        if (include?.Invoke(file) is not { } text)
        {
            Fail(include is null ? "$INCLUDE is not possible here" : $"$INCLUDE: the file \"{file}\" does not exist");
            return;
        }
        // RFC 1035 §5.1: an included file never changes the origin of the including one. Nor its owner.
        var (outerOrigin, outerOwner, outerFile, outerLine) = (_origin, _owner, _file, _line);
        _origin = inner;
        Read(file, text, depth + 1);
        (_origin, _owner, _file, _line, _isOwnerBroken) = (outerOrigin, outerOwner, outerFile, outerLine, false);
    }

    private void ReadPragma(IReadOnlyList<MasterFileToken> tokens)
    {
        if (!tokens[0].Text.Equals("fault", StringComparison.OrdinalIgnoreCase))
        {
            Fail($"unknown pragma \"{tokens[0].Text}\"; only \"fault\" may follow \";@\"");
            return;
        }
        if (tokens.Count < 3)
        {
            Fail("a fault needs a name and a kind of fault");
            return;
        }
        if (ReadName(tokens[1]) is not { } name)
            return;
        var type = RecordTypes.Parse(tokens[2].Text);
        var words = string.Join(' ', tokens.Skip(type is null ? 2 : 3).Select(static token => token.Text));
        if (Fault.TryParse(words, out var fault, out var problem))
            Faults.Add(new(new(name, type == RecordType.Any ? null : type, fault), _file, _line));
        else
            Fail($"fault: {problem}");
    }

    private void ReadRecord(MasterFileEntry entry)
    {
        var at = 0;
        if (!entry.BeginsBlank)
        {
            _owner = ReadName(entry.Tokens[at++]);
            _isOwnerBroken = _owner is null;
        }
        else if (_owner is null && !_isOwnerBroken)
            Fail("the first record has no name at its beginning");
        if (!TryReadClassAndTime(entry.Tokens, ref at, out var stated))
            return;
        if (at == entry.Tokens.Count)
        {
            Fail("the type of the record is missing");
            return;
        }
        var word = entry.Tokens[at++].Text;
        if (RecordTypes.Parse(word) is not { } type)
        {
            Fail($"unknown type \"{word}\"; write any other type as TYPEnnn \\# LENGTH HEXADECIMAL (RFC 3597)");
            return;
        }
        HasSeenAuthority |= type == RecordType.Soa;
        if (RecordTypes.IsMeta(type))
        {
            Fail($"{word} is a type of query, not of record");
            return;
        }
        // RFC 2308 §4: $TTL stands for a TTL that is not stated, else (RFC 1035 §5.1) the last stated one; never SOA MINIMUM.
        if ((stated ?? _defaultTimeToLive ?? _lastTimeToLive) is not { } time)
        {
            Fail("no TTL: write $TTL above the first record (RFC 2308 §4)");
            time = TimeSpan.Zero;
        }
        _lastTimeToLive = stated ?? _lastTimeToLive;
        Keep(new RecordFields(entry.Tokens, at, _origin), _owner, type, time);
    }

    private void Keep(RecordFields fields, DomainName? owner, RecordType type, TimeSpan time)
    {
        var record = fields.Read(owner ?? DomainName.Root, type, time);
        if (fields.Failure is not null)
            Fail(fields.Failure);
        else if (owner is not null)
            Records.Add(new(record, _file, _line));
    }

    // RFC 1035 §5.1: "[<TTL>] [<class>] <type>" or "[<class>] [<TTL>] <type>". A type never begins with a digit.
    private bool TryReadClassAndTime(IReadOnlyList<MasterFileToken> tokens, ref int at, out TimeSpan? time)
    {
        time = null;
        var hasClass = false;
        for (; at < tokens.Count; at++)
        {
            var word = tokens[at].Text;
            if (!hasClass && word.ToUpperInvariant() is "IN" or "CLASS1")
                hasClass = true;
            else if (!hasClass && word.ToUpperInvariant() is "CH" or "HS" or "CS")
            {
                Fail($"class {word} is not supported: write IN");
                return false;
            }
            else if (time is null && word.Length > 0 && char.IsAsciiDigit(word[0]))
            {
                if (!TimeUnits.TryRead(word, out var stated))
                {
                    Fail($"\"{word}\" is not a TTL");
                    return false;
                }
                time = stated;
            }
            else
                break;
        }
        return true;
    }

    private DomainName? ReadName(MasterFileToken token)
    {
        var name = MasterFileNames.Read(token.Text, _origin, out var failure);
        if (name is null)
            Fail(failure);
        return name;
    }
}
