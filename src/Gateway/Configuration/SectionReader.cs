using System.Globalization;
using System.Net;

namespace Gateway.Configuration;

/// <summary>
/// Reads one section key by key and collects every mistake, unknown keys too. The framework's binder stops at the first
/// mistake and passes over keys that it does not know (docs/decisions/002).
/// </summary>
internal sealed class SectionReader(IConfiguration section, string path, List<ConfigurationError> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _retired = new(StringComparer.OrdinalIgnoreCase);

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public void Fail(string key, string? value, string allowed) =>
        errors.Add(value is null ? ConfigurationError.Missing(PathOf(key), allowed) : ConfigurationError.Wrong(PathOf(key), value, allowed));

    /// <summary>What is wrong with a value as a whole, as a sentence about it.</summary>
    public void Fail(string key, string problem) => errors.Add(new(PathOf(key), problem));

    public string? Text(string key)
    {
        _known.Add(key);
        var child = section.GetSection(key);
        if (child.Value is null && child.GetChildren().Any())
            Fail(key, "{…}", "one value, no object or list");
        return string.IsNullOrWhiteSpace(child.Value) ? null : child.Value.Trim();
    }

    public string RequiredText(string key, string allowed)
    {
        var text = Text(key);
        if (text is null)
            Fail(key, null, allowed);
        return text ?? "";
    }

    /// <summary>A value that <paramref name="parse"/> understands, or the default when the key is absent.</summary>
    public T Value<T>(string key, T fallback, Func<string, T?> parse, string allowed) where T : struct
    {
        if (Text(key) is not { } text)
            return fallback;
        if (parse(text) is { } value)
            return value;
        Fail(key, text, allowed);
        return fallback;
    }

    public bool Flag(string key, bool fallback) =>
        Value(key, fallback, static text => bool.TryParse(text, out var flag) ? flag : (bool?)null, "true or false");

    public int Number(string key, int fallback, int least, int most) => (int)LongNumber(key, fallback, least, most);

    public long LongNumber(string key, long fallback, long least, long most) => Value(key, fallback,
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : (long?)null,
        $"a number from {least} to {most}");

    public T Choice<T>(string key, T fallback) where T : struct, Enum =>
        Value(key, fallback, Named<T>, OneOf<T>());

    public T? OptionalChoice<T>(string key) where T : struct, Enum
    {
        if (Text(key) is not { } text)
            return null;
        var value = Named<T>(text);
        if (value is null)
            Fail(key, text, OneOf<T>());
        return value;
    }

    private static T? Named<T>(string text) where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) ? value : null;

    private static string OneOf<T>() where T : struct, Enum => "one of " + string.Join(", ", Enum.GetNames<T>());

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least, TimeSpan most) => Value(key, fallback,
        text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= least && span <= most ? span : (TimeSpan?)null,
        $"a duration hh:mm:ss from {least:c} to {most:c}");

    public IPEndPoint? Endpoint(string key, string? text)
    {
        if (text is null)
        {
            Fail(key, null, Allowed.Endpoint);
            return null;
        }
        var endpoint = Allowed.ParseEndpoint(text);
        if (endpoint is null)
            Fail(key, text, Allowed.Endpoint);
        return endpoint;
    }

    /// <summary>A list of values; each that <paramref name="parse"/> refuses is an error of its own.</summary>
    public IReadOnlyList<T> List<T>(string key, Func<string, T?> parse, string allowed, params IReadOnlyList<T> fallback) where T : class
    {
        _known.Add(key);
        var child = section.GetSection(key);
        if (!string.IsNullOrEmpty(child.Value))
        {
            Fail(key, child.Value, $"a list [ … ]; each of it {allowed}");
            return fallback;
        }
        if (!child.Exists())
            return fallback;
        var values = new List<T>();
        foreach (var item in child.GetChildren())
        {
            if (item.Value is { } text && parse(text.Trim()) is { } value)
                values.Add(value);
            else
                Fail($"{key}[{item.Key}]", item.Value ?? "{…}", allowed);
        }
        return values;
    }

    public IReadOnlyList<IPNetwork> Networks(string key) =>
        [.. List(key, static text => Allowed.ParseNetwork(text) is { } network ? (object)network : null, Allowed.Network).Cast<IPNetwork>()];

    /// <summary>A sub-section; an absent one reads as empty.</summary>
    public SectionReader Section(string key)
    {
        _known.Add(key);
        var child = section.GetSection(key);
        if (!string.IsNullOrEmpty(child.Value))
            Fail(key, child.Value, "an object { … }");
        return new(child, PathOf(key), errors);
    }

    /// <summary>Whether the key stands there, be it with <c>{ }</c> behind it.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return Stands(key);
    }

    private bool Stands(string key) => section.GetChildren().Any(child => child.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a key stands there under a name that it had once: that name is understood, and offered to nobody.</summary>
    public bool HasRetired(string key)
    {
        _retired.Add(key);
        return Stands(key);
    }

    /// <summary>Whether a list holds anything, right or wrong.</summary>
    public bool HasItems(string key) => section.GetSection(key).GetChildren().Any();

    /// <summary>The objects of a list.</summary>
    public IReadOnlyList<SectionReader> Sections(string key)
    {
        _known.Add(key);
        var list = section.GetSection(key);
        if (!string.IsNullOrEmpty(list.Value))
            Fail(key, list.Value, "a list of objects [ { … } ]");
        var sections = new List<SectionReader>();
        foreach (var child in list.GetChildren())
        {
            if (!string.IsNullOrEmpty(child.Value))
                Fail($"{key}[{child.Key}]", child.Value, "an object { … }");
            sections.Add(new(child, $"{PathOf(key)}[{child.Key}]", errors));
        }
        return sections;
    }

    /// <summary>To be called last: every key that nobody asked for is a mistake.</summary>
    public void RefuseOthers()
    {
        foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key) && !_retired.Contains(child.Key)))
            Fail(child.Key, child.Value ?? "{…}", $"no such key; here may stand {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }
}
