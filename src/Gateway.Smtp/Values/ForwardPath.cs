namespace Gateway.Smtp;

/// <summary>
/// A recipient (RFC 5321 §4.1.1.3). <see cref="Mailbox.Domain"/> is empty only for the bare &lt;Postmaster&gt; of §4.5.1.
/// A source route was dropped (§4.1.2).
/// </summary>
public readonly record struct ForwardPath(Mailbox Mailbox)
{
    public bool IsBarePostmaster => Mailbox.Domain.Length == 0;

    /// <summary>Reads what <see cref="ToString"/> writes: a path in its angle brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ForwardPath path)
    {
        var cursor = new PathCursor(text);
        return cursor.ForwardPath(out path) && cursor.IsAtEnd;
    }

    public override string ToString() => IsBarePostmaster ? $"<{Mailbox.LocalPart}>" : $"<{Mailbox}>";
}
