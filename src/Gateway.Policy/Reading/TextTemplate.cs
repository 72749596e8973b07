using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Policy.Profiles;

namespace Gateway.Policy.Reading;

/// <summary>
/// One line of a reply with placeholders: <c>no PTR record found for [{ip}]</c>; <c>{{</c> and <c>}}</c> are braces. It is
/// read once; a value is put in as it is and never read again, so no client can write a placeholder.
/// </summary>
public sealed class TextTemplate
{
    private readonly List<Part> _parts;

    private TextTemplate(string source, List<Part> parts)
    {
        Source = source;
        _parts = parts;
        FixedLength = parts.Sum(part => part.IsPlaceholder ? 0 : part.Text.Length);
    }

    private readonly record struct Part(string Text, bool IsPlaceholder);

    /// <summary>As it was written.</summary>
    public string Source { get; }

    /// <summary>Octets that are there whatever the values are.</summary>
    public int FixedLength { get; }

    /// <summary>The names in braces, in order.</summary>
    public IEnumerable<string> Placeholders => _parts.Where(part => part.IsPlaceholder).Select(part => part.Text);

    /// <exception cref="FormatException">A text of our own is wrong: a bug.</exception>
    internal static TextTemplate Parse(string source) =>
        TryParse(source, ReplyValues.Names, out var template, out var problem) ? template : throw new FormatException($"\"{source}\": {problem}");

    /// <param name="source">The text.</param>
    /// <param name="allowed">The names that may stand in braces.</param>
    /// <param name="template">The template; null when there is a problem.</param>
    /// <param name="problem">What is wrong, for the person who wrote it; null when nothing is.</param>
    internal static bool TryParse(
        string source, IReadOnlyCollection<string> allowed,
        [NotNullWhen(true)] out TextTemplate? template, [NotNullWhen(false)] out string? problem)
    {
        template = null;
        problem = null;
        if (source.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            problem = "a reply may contain printable ASCII characters only (RFC 5321 §4.2)";
            return false;
        }
        var parts = new List<Part>();
        var fixedText = new StringBuilder();
        for (var at = 0; at < source.Length; at++)
        {
            if (source[at] is not ('{' or '}') || (at + 1 < source.Length && source[at + 1] == source[at]))
            {
                fixedText.Append(source[at]);
                at += source[at] is '{' or '}' ? 1 : 0;
                continue;
            }
            var end = source[at] == '{' ? source.IndexOf('}', at) : -1;
            if (end < 0)
            {
                problem = $"a single \"{source[at]}\" is not allowed; write {source[at]}{source[at]} for the brace itself";
                return false;
            }
            var name = source[(at + 1)..end];
            if (!allowed.Contains(name))
            {
                problem = $"{{{name}}} is not a known placeholder; use {{{string.Join("} {", allowed)}}}";
                return false;
            }
            Flush(parts, fixedText);
            parts.Add(new(name, IsPlaceholder: true));
            at = end;
        }
        Flush(parts, fixedText);
        template = new(source, parts);
        return true;
    }

    internal string Render(in ReplyValues values)
    {
        if (_parts is [{ IsPlaceholder: false } only])
            return only.Text;
        var text = new StringBuilder(160);
        foreach (var part in _parts)
            text.Append(part.IsPlaceholder ? values[part.Text] : part.Text);
        return text.ToString();
    }

    /// <summary>The text with everything but printable ASCII made harmless.</summary>
    internal static string Printable(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
        })
        : text;

    private static void Flush(List<Part> parts, StringBuilder fixedText)
    {
        if (fixedText.Length > 0)
            parts.Add(new(fixedText.ToString(), IsPlaceholder: false));
        fixedText.Clear();
    }

    public override string ToString() => Source;
}
