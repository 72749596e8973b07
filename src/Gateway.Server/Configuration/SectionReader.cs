using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Server.Configuration;

/// <summary>
/// Reads one section key by key and collects every mistake, unknown keys too. The framework's binder stops at the first
/// mistake and passes over keys that it does not know (docs/decisions/002). What is in force is written down beside: what
/// stands there, and the default of what does not.
/// </summary>
internal sealed class SectionReader(IConfiguration section, string path, List<ConfigurationError> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _retired = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is in force, under the same keys: read again, it means the same.</summary>
    public JsonObject InForce { get; } = [];

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public void Fail(string key, string? value, string allowed) =>
        errors.Add(value is null ? ConfigurationError.Missing(PathOf(key), allowed) : ConfigurationError.Wrong(PathOf(key), value, allowed));

    /// <summary>What is wrong with a value as a whole, as a sentence about it.</summary>
    public void Fail(string key, string problem) => errors.Add(new(PathOf(key), problem));

    public string? Text(string key)
    {
        _known.Add(key);
        var child = section.GetSection(key);
        if (IsComposite(child))
            Fail(key, "{…}", "a single value, not an object or a list");
        if (string.IsNullOrWhiteSpace(child.Value))
            return null;
        InForce[key] = child.Value.Trim();
        return child.Value.Trim();
    }

    public string Text(string key, string fallback)
    {
        var text = Text(key) ?? fallback;
        InForce[key] = text;
        return text;
    }

    /// <summary>A text that is never shown.</summary>
    public string? Secret(string key)
    {
        var text = Text(key);
        if (text is not null)
            InForce[key] = "(hidden)";
        return text;
    }

    public string RequiredText(string key, string allowed)
    {
        var text = Text(key);
        if (text is null && !IsComposite(section.GetSection(key)))
            Fail(key, null, allowed);
        return text ?? "";
    }

    private static bool IsComposite(IConfigurationSection child) => child.Value is null && child.GetChildren().Any();

    /// <summary>A value that <paramref name="parse"/> understands, or the default when the key is absent.</summary>
    public T Value<T>(string key, T fallback, Func<string, T?> parse, string allowed) where T : struct
    {
        var text = Text(key);
        var value = text is null ? fallback : parse(text);
        if (value is null)
            Fail(key, text, allowed);
        InForce[key] = Shown(value ?? fallback);
        return value ?? fallback;
    }

    private static JsonNode? Shown<T>(T value) where T : struct => value switch
    {
        bool flag => flag,
        long number => number,
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

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

    /// <param name="key">The key.</param>
    /// <param name="fallback">Null: the key is required.</param>
    public IPEndPoint? Endpoint(string key, string? fallback = null)
    {
        var text = fallback is null ? Text(key) : Text(key, fallback);
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
        var isList = RefuseOtherThanList(key, child, $"a list [ … ] whose items are each {allowed}");
        if (!isList || !child.Exists())
        {
            InForce[key] = new JsonArray([.. fallback.Select(static value => (JsonNode?)value.ToString())]);
            return fallback;
        }
        var (values, shown) = (new List<T>(), new JsonArray());
        foreach (var item in child.GetChildren())
        {
            if (item.Value is { } text && parse(text.Trim()) is { } value)
            {
                values.Add(value);
                shown.Add(text.Trim());
            }
            else
            {
                Fail($"{key}[{item.Key}]", item.Value ?? "{…}", allowed);
            }
        }
        InForce[key] = shown;
        return values;
    }

    public IReadOnlyList<IPNetwork> Networks(string key) =>
        [.. List(key, static text => Allowed.ParseNetwork(text) is { } network ? (object)network : null, Allowed.Network).Cast<IPNetwork>()];

    // The items of a list are numbered: the framework knows no other difference between a list and an object.
    private bool RefuseOtherThanList(string key, IConfigurationSection child, string allowed)
    {
        var found = !string.IsNullOrEmpty(child.Value) ? child.Value
            : child.GetChildren().Any(static item => !int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? "{…}"
            : null;
        if (found is not null)
            Fail(key, found, allowed);
        return found is null;
    }

    /// <summary>A sub-section; an absent one reads as empty.</summary>
    public SectionReader Section(string key) => Section(key, key);

    /// <param name="key">The name under which it stands there.</param>
    /// <param name="name">The name that it has now.</param>
    public SectionReader Section(string key, string name)
    {
        _known.Add(key);
        var child = section.GetSection(key);
        var reader = Inner(child, key);
        InForce[name] = reader.InForce;
        return reader;
    }

    // What is no object is one mistake: that its keys are missing is none.
    private SectionReader Inner(IConfigurationSection child, string key)
    {
        var isValue = !string.IsNullOrEmpty(child.Value);
        if (isValue)
            Fail(key, child.Value, "an object { … }");
        return new(child, PathOf(key), isValue ? [] : errors);
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

    /// <summary>Whether anything stands there, right or wrong.</summary>
    public bool HasItems(string key) => section.GetSection(key) is var child && (!string.IsNullOrEmpty(child.Value) || child.GetChildren().Any());

    /// <summary>The objects of a list; of <paramref name="fallback"/> where nothing stands.</summary>
    public IReadOnlyList<SectionReader> Sections(string key, IConfiguration? fallback = null)
    {
        _known.Add(key);
        var list = (HasItems(key) ? section : fallback ?? section).GetSection(key);
        if (!RefuseOtherThanList(key, list, "a list of objects [ { … } ]"))
            return [];
        List<SectionReader> sections = [.. list.GetChildren().Select(child => Inner(child, $"{key}[{child.Key}]"))];
        InForce[key] = new JsonArray([.. sections.Select(static one => (JsonNode?)one.InForce)]);
        return sections;
    }

    /// <summary>To be called last: every key that nobody asked for is a mistake.</summary>
    public void RefuseOthers()
    {
        var known = _known.Order(StringComparer.Ordinal).ToList();
        foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key) && !_retired.Contains(child.Key)))
            Fail(child.Key, $"is not a known key{Suggestion.For(child.Key, known)}. Known keys: {string.Join(", ", known)}");
    }
}
