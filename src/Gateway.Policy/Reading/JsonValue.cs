using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Policy.Reading;

/// <summary>
/// A JSON value that knows where it stood, which the framework's documents do not: an error that names its line saves the
/// search. Comments and trailing commas are allowed; the same key twice is not, for one of them would be silently lost.
/// </summary>
internal sealed record JsonValue(
    JsonTokenType Kind, string Path, int Line, string Text, IReadOnlyList<JsonMember> Members, IReadOnlyList<JsonValue> Items)
{
    private const int MaxDepth = 16;

    public bool IsObject => Kind == JsonTokenType.StartObject;

    public JsonValue? this[string key] => Members.FirstOrDefault(member => member.Key == key)?.Value;

    /// <summary>As a message shows it.</summary>
    public string Shown => Kind switch
    {
        JsonTokenType.String => $"\"{Text}\"",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        _ => Text,
    };

    public int? AsInteger() =>
        Kind == JsonTokenType.Number && int.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <exception cref="JsonException">The text is no JSON, or holds a key twice.</exception>
    public static JsonValue Parse(string json)
    {
        var octets = Encoding.UTF8.GetBytes(json.TrimStart('\uFEFF'));
        var reader = new Utf8JsonReader(octets, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = MaxDepth,
        });
        reader.Read();
        var value = Read(ref reader, octets, "$");
        // What follows the value is an error of the reader's own.
        reader.Read();
        return value;
    }

    private static JsonValue Read(ref Utf8JsonReader reader, byte[] octets, string path)
    {
        var kind = reader.TokenType;
        var line = LineOf(ref reader, octets);
        switch (kind)
        {
            case JsonTokenType.StartObject:
                return new(kind, path, line, "", ReadMembers(ref reader, octets, path), []);
            case JsonTokenType.StartArray:
                var items = new List<JsonValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader, octets, $"{path}[{items.Count}]"));
                return new(kind, path, line, "", [], items);
            case JsonTokenType.String:
                return new(kind, path, line, TextOf(ref reader, path, line), [], []);
            default:
                return new(kind, path, line, Encoding.UTF8.GetString(reader.ValueSpan), [], []);
        }
    }

    private static List<JsonMember> ReadMembers(ref Utf8JsonReader reader, byte[] octets, string path)
    {
        var members = new List<JsonMember>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var line = LineOf(ref reader, octets);
            var key = TextOf(ref reader, path, line);
            if (members.Any(member => member.Key == key))
                throw new JsonException("this key appears twice: delete one of the two", $"{path}.{key}", line - 1, bytePositionInLine: null);
            reader.Read();
            members.Add(new(key, line, Read(ref reader, octets, $"{path}.{key}")));
        }
        return members;
    }

    private static string TextOf(ref Utf8JsonReader reader, string path, int line)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of an escaped surrogate pair: well formed JSON, and no text.
            throw new JsonException("this text ends within a character, because one half of a \\u pair is missing (RFC 8259 §8.2)", path, line - 1, bytePositionInLine: null);
        }
    }

    private static int LineOf(ref Utf8JsonReader reader, byte[] octets) => octets.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1;
}

/// <summary>One key of an object, and its value.</summary>
internal sealed record JsonMember(string Key, int Line, JsonValue Value);
