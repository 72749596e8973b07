namespace Gateway.Inbound;

/// <summary>Texts of the other side, made fit for a line of a log or a terminal.</summary>
public static class SafeText
{
    /// <summary>No control or 8-bit character is left as it is: a name must not move the cursor or begin a line.</summary>
    public static string Of(string text, int most) => text.Length <= most && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? text
        : string.Concat(text.Take(most).Select(letter => letter is >= ' ' and <= '~' ? letter.ToString() : $"\\u{(int)letter:x4}"));
}
