namespace Gateway.Lab;

/// <summary>A line in which each <c>…</c> stands for any text, none included; everything else is itself, letter by letter.</summary>
public sealed record LinePattern(string Text)
{
    private const char Anything = '…';

    public bool Matches(string line) => PartsAt(line) is null;

    /// <summary>
    /// Where the line leaves the pattern: the place in the line up to which all is as written; null when all of it is. Its end
    /// means that something is missing there.
    /// </summary>
    public int? PartsAt(string line)
    {
        var parts = Text.Split(Anything);
        var start = line.AsSpan().CommonPrefixLength(parts[0]);
        if (parts.Length == 1)
            return line == Text ? null : start;
        if (start < parts[0].Length)
            return start;
        var at = start;
        foreach (var part in parts.AsSpan(1, parts.Length - 2))
        {
            // The leftmost place leaves the most room for what follows, so there is never a need to go back.
            var found = line.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return at;
            at = found + part.Length;
        }
        return line.Length - at >= parts[^1].Length && line.EndsWith(parts[^1], StringComparison.Ordinal) ? null : at;
    }

    public override string ToString() => Text;
}
