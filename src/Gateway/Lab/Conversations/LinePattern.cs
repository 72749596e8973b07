namespace Gateway.Lab;

/// <summary>A line in which each <c>…</c> stands for any text, none included; everything else is itself, letter by letter.</summary>
public sealed record LinePattern(string Text)
{
    private const char Anything = '…';

    public bool Matches(string line)
    {
        var parts = Text.Split(Anything);
        if (parts.Length == 1)
            return line == Text;
        if (!line.StartsWith(parts[0], StringComparison.Ordinal))
            return false;
        var at = parts[0].Length;
        foreach (var part in parts.AsSpan(1, parts.Length - 2))
        {
            // The leftmost place leaves the most room for what follows, so there is never a need to go back.
            var found = line.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }
        return line.Length - at >= parts[^1].Length && line.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    public override string ToString() => Text;
}
