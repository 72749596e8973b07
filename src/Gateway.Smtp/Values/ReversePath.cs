namespace Gateway.Smtp;

/// <summary>Who gets the notices (RFC 5321 §4.1.1.2). Without a mailbox it is the null reverse-path &lt;&gt; (§4.5.5). A source route was dropped (§4.1.2).</summary>
public readonly record struct ReversePath(Mailbox? Mailbox)
{
    public bool IsNull => Mailbox is null;

    /// <summary>Reads what <see cref="ToString"/> writes: a path in its angle brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ReversePath path)
    {
        var cursor = new PathCursor(text);
        return cursor.ReversePath(out path) && cursor.IsAtEnd;
    }

    public override string ToString() => $"<{Mailbox}>";
}
