using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Tests;

/// <summary>
/// As much of JSON Schema (draft 07) as config/profiles/schema.json uses. A keyword that it does not know is an error, so that no part of the
/// schema goes untested.
/// </summary>
internal sealed class SchemaCheck(JsonElement schema)
{
    private static readonly JsonDocumentOptions AsProfiles = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static SchemaCheck Load(string file) => new(Parse(File.ReadAllText(file)));

    public JsonElement Root => schema;

    public JsonElement Definition(string name) => schema.GetProperty("definitions").GetProperty(name);

    /// <summary>Null when the text is as the schema says, else the place and the keyword that it offends.</summary>
    public string? Check(string json) => Offence(schema, Parse(json), "$");

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, AsProfiles);
        return document.RootElement.Clone();
    }

    private string? Offence(JsonElement rule, JsonElement value, string path)
    {
        if (rule.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return rule.GetBoolean() ? null : $"{path}: nothing is allowed here";
        // Draft 07 §8.3: what stands beside $ref is not looked at.
        if (rule.TryGetProperty("$ref", out var reference))
            return Offence(Definition(reference.GetString()!["#/definitions/".Length..]), value, path);
        foreach (var keyword in rule.EnumerateObject())
            if (Offence(rule, keyword, value, path) is { } offence)
                return offence;
        return null;
    }

    private string? Offence(JsonElement rule, JsonProperty keyword, JsonElement value, string path)
    {
        var arg = keyword.Value;
        var isFine = keyword.Name switch
        {
            "$schema" or "title" or "description" or "definitions" or "then" or "else" => true,
            "type" => IsOfType(arg.GetString()!, value),
            "enum" => arg.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
            "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, arg.GetString()!, RegexOptions.ECMAScript),
            "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= arg.GetInt32(),
            "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= arg.GetInt32(),
            "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= arg.GetDecimal(),
            "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= arg.GetDecimal(),
            "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= arg.GetInt32(),
            "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= arg.GetInt32(),
            "required" => value.ValueKind != JsonValueKind.Object || arg.EnumerateArray().All(key => value.TryGetProperty(key.GetString()!, out _)),
            "oneOf" => arg.EnumerateArray().Count(one => Offence(one, value, path) is null) == 1,
            "anyOf" => arg.EnumerateArray().Any(one => Offence(one, value, path) is null),
            "uniqueItems" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().DistinctBy(one => one.GetRawText()).Count() == value.GetArrayLength(),
            "allOf" or "items" or "additionalItems" or "properties" or "additionalProperties" or "if" => true,
            _ => throw new NotSupportedException($"the schema uses \"{keyword.Name}\""),
        };
        return isFine ? Inner(rule, keyword, value, path) : $"{path}: {keyword.Name}";
    }

    /// <summary>Of the keywords that look inside, the first offence.</summary>
    private string? Inner(JsonElement rule, JsonProperty keyword, JsonElement value, string path) => (keyword.Name, value.ValueKind) switch
    {
        ("allOf", _) => keyword.Value.EnumerateArray().Select(one => Offence(one, value, path)).FirstOrDefault(one => one is not null),
        ("if", _) when rule.TryGetProperty(Offence(keyword.Value, value, path) is null ? "then" : "else", out var branch) => Offence(branch, value, path),
        ("items", JsonValueKind.Array) when keyword.Value.ValueKind == JsonValueKind.Array => keyword.Value.EnumerateArray()
            .Zip(value.EnumerateArray(), (one, item) => Offence(one, item, path)).FirstOrDefault(one => one is not null),
        ("items", JsonValueKind.Array) => value.EnumerateArray()
            .Select((one, i) => Offence(keyword.Value, one, $"{path}[{i}]")).FirstOrDefault(one => one is not null),
        ("additionalItems", JsonValueKind.Array) => value.EnumerateArray().Skip(rule.GetProperty("items").GetArrayLength())
            .Select(one => Offence(keyword.Value, one, path)).FirstOrDefault(one => one is not null),
        ("properties", JsonValueKind.Object) => Members(value, keyword.Value, path),
        ("additionalProperties", JsonValueKind.Object) => value.EnumerateObject()
            .Where(member => !rule.TryGetProperty("properties", out var known) || !known.TryGetProperty(member.Name, out _))
            .Select(member => Offence(keyword.Value, member.Value, $"{path}.{member.Name}")).FirstOrDefault(one => one is not null),
        _ => null,
    };

    private string? Members(JsonElement value, JsonElement properties, string path) => value.EnumerateObject()
        .Select(member => properties.TryGetProperty(member.Name, out var rule) ? Offence(rule, member.Value, $"{path}.{member.Name}") : null)
        .FirstOrDefault(one => one is not null);

    private static bool IsOfType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDecimal() % 1 == 0,
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => throw new NotSupportedException($"the schema uses the type \"{type}\""),
    };
}
