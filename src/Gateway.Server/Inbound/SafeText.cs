using System.Globalization;
using System.Text;

namespace Gateway.Server.Inbound;

/// <summary>Texts of the other side, made fit for a line of a log or a terminal.</summary>
public static class SafeText
{
    /// <summary>No control or 8-bit character is left as it is: a name must not move the cursor or begin a line.</summary>
    public static string Of(string text, int most) => text.Length <= most && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? text
        : string.Concat(text.Take(most).Select(letter => letter is >= ' ' and <= '~' ? letter.ToString() : Escape(letter)));

    /// <summary>
    /// Whether all characters of a text are seen. Those that are not may change how the others are read: controls, format characters
    /// such as the overrides of the direction (Unicode category Cf), separators of lines and paragraphs (Zl, Zp), half surrogates.
    /// </summary>
    public static bool IsVisible(string text)
    {
        // Nearly always the text is printable ASCII.
        var first = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        for (var at = first < 0 ? text.Length : first; at < text.Length; at += Length(text, at))
            if (IsHidden(text, at))
                return false;
        return true;
    }

    /// <summary>Letters of all scripts stay; what is not seen is escaped, such as <c>\u202e</c>.</summary>
    public static string Visible(string text) => IsVisible(text) ? text : Escaped(text, isJson: false);

    /// <summary>JSON that says the same, with what is not seen escaped, such as <c>\u202e</c>; the white space between its tokens stays.</summary>
    public static string VisibleJson(string json) => IsVisible(json) ? json : Escaped(json, isJson: true);

    private static string Escaped(string text, bool isJson)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            var (length, hidden) = (Length(text, at), IsHidden(text, at) && !(isJson && text[at] is '\r' or '\n'));
            for (var end = at + length; at < end; at++)
                _ = hidden ? escaped.Append(Escape(text[at])) : escaped.Append(text[at]);
        }
        return escaped.ToString();
    }

    private static bool IsHidden(string text, int at) => text[at] is < ' ' or > '~' && (CharUnicodeInfo.GetUnicodeCategory(text, at) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse || IsBlank(text, at));

    // Letters and marks that draw nothing: the Default_Ignorable_Code_Point of Unicode that have no category of their own, and the empty Braille cell.
    private static bool IsBlank(string text, int at) => char.ConvertToUtf32(text, at) is
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);

    private static int Length(string text, int at) => char.IsSurrogatePair(text, at) ? 2 : 1;

    private static string Escape(char letter) => $"\\u{(int)letter:x4}";
}
