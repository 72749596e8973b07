using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Gateway.Dns;

namespace Gateway.Policy.Reading;

/// <summary>Values that options of checks hold, each with what is allowed there.</summary>
internal static class OptionValues
{
    private delegate bool TryParse<T>(string text, [NotNullWhen(true)] out T? value);

    /// <summary>Networks or single addresses.</summary>
    public static IReadOnlyList<IPNetwork> Networks(JsonObjectReader reader, string key) =>
        List<IPNetwork>(
            reader, key, static (string text, out IPNetwork network) => ClientNetwork.TryParse(text, out network),
            "a network such as 192.0.2.0/24, or an address");

    /// <summary>Domains that stand for everything below them, too.</summary>
    public static IReadOnlyList<DomainName> Names(JsonObjectReader reader, string key) =>
        List<DomainName>(reader, key, TryName, "a domain such as example.com");

    /// <summary>A duration as everywhere in the configuration: <c>hh:mm:ss</c>. Null when it is not there, or wrong.</summary>
    public static TimeSpan? Duration(JsonObjectReader reader, string key, TimeSpan most)
    {
        if (reader.Text(key) is not { } text)
            return null;
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero && span <= most)
            return span;
        reader.Error(reader[key]!, $"\"{text}\" is not allowed; use a duration hh:mm:ss up to {most:c}");
        return null;
    }

    /// <summary>A whole number. Null when it is not there, or wrong.</summary>
    public static int? Number(JsonObjectReader reader, string key, int least, int most)
    {
        if (reader[key] is not { } value)
            return null;
        if (value.AsInteger() is { } number && number >= least && number <= most)
            return number;
        reader.Error(value, $"{value.Shown} is not allowed; use a number from {least} to {most}");
        return null;
    }

    public static bool Flag(JsonObjectReader reader, string key)
    {
        if (reader[key] is { Kind: not (JsonTokenType.True or JsonTokenType.False) } value)
            reader.Error(value, $"{value.Shown} is not allowed; use true or false");
        return reader[key] is { Kind: JsonTokenType.True };
    }

    private static List<T> List<T>(JsonObjectReader reader, string key, TryParse<T> parse, string allowed)
    {
        var list = new List<T>();
        if (reader[key] is not { } value)
            return list;
        if (value.Kind != JsonTokenType.StartArray)
            reader.Error(value, $"{value.Shown} is not allowed; use a list [ … ]");
        foreach (var item in value.Items)
        {
            if (item.Kind == JsonTokenType.String && parse(item.Text, out var parsed))
                list.Add(parsed);
            else
                reader.Error(item, $"{item.Shown} is not allowed; use {allowed}");
        }
        return list;
    }

    private static bool TryName(string text, [NotNullWhen(true)] out DomainName? name) =>
        DomainName.TryParse(text.TrimStart('.'), out name) && !name.IsRoot;
}
