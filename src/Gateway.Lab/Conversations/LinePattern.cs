namespace Gateway.Lab.Conversations;

/// <summary>A line in which each <c>…</c> stands for any text, none included; everything else is itself, letter by letter.</summary>
public sealed record LinePattern(string Text)
{
    private const char Anything = '…';

    /// <summary>The same, with any text where it says this one.</summary>
    public LinePattern WithAny(string text) => new(Text.Replace(text, Anything.ToString(), StringComparison.Ordinal));

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
                return at + Nearest(line.AsSpan(at), part);
            at = found + part.Length;
        }
        return line.Length - at >= parts[^1].Length && line.EndsWith(parts[^1], StringComparison.Ordinal)
            ? null
            : at + Nearest(line.AsSpan(at), parts[^1]);
    }

    // Where a missing text is almost there: the place at which its longest beginning ends. A few letters alike mean nothing.
    private static int Nearest(ReadOnlySpan<char> line, ReadOnlySpan<char> missing)
    {
        const int least = 6;
        var (best, longest) = (0, least - 1);
        for (var at = 0; at < line.Length; at++)
            if (line[at..].CommonPrefixLength(missing) is var length && length > longest)
                (best, longest) = (at + length, length);
        return best;
    }

    public override string ToString() => Text;
}
