using System.Text.Json;

namespace Gateway.Policy.Reading;

/// <summary>Reads the keys of one object and collects what is wrong, so that a person sees all errors at once.</summary>
internal sealed class JsonObjectReader
{
    private readonly string _profile;
    private readonly JsonValue _value;
    private readonly List<ProfileError> _errors;

    public JsonObjectReader(
        string profile, JsonValue value, List<ProfileError> errors, IReadOnlyCollection<string> knownKeys, string what = "key")
    {
        (_profile, _value, _errors) = (profile, value, errors);
        if (!value.IsObject)
            Error(value, $"{value.Shown} is not allowed; use an object {{ … }}");
        foreach (var member in value.Members)
            if (!knownKeys.Contains(member.Key))
            {
                var message = $"\"{member.Key}\" is not a known {what}; use one of {string.Join(", ", knownKeys)}";
                _errors.Add(new(_profile, member.Line, member.Value.Path, message));
            }
    }

    public bool IsObject => _value.IsObject;

    public JsonValue? this[string key] => _value[key];

    public IEnumerable<JsonMember> Members => _value.Members;

    public JsonObjectReader Inner(JsonValue value, IReadOnlyCollection<string> knownKeys, string what = "key") =>
        new(_profile, value, _errors, knownKeys, what);

    public void Error(JsonValue at, string message) => _errors.Add(new(_profile, at.Line, at.Path, message));

    public void Error(string message) => Error(_value, message);

    public string? Text(string key)
    {
        if (_value[key] is not { } value)
            return null;
        if (value.Kind == JsonTokenType.String)
            return value.Text;
        Error(value, $"{value.Shown} is not allowed; use text in double quotes");
        return null;
    }

    public T? Word<T>(string key) where T : struct, Enum => _value[key] is { } value ? Word<T>(value) : null;

    public T? Word<T>(JsonValue value) where T : struct, Enum
    {
        // Names only: Enum.TryParse alone would take "2" for Enforce.
        if (value.Kind == JsonTokenType.String && Enum.GetNames<T>().Contains(value.Text, StringComparer.OrdinalIgnoreCase))
            return Enum.Parse<T>(value.Text, ignoreCase: true);
        Error(value, $"{value.Shown} is not allowed; use {string.Join(" or ", Enum.GetNames<T>().Select(name => $"\"{name}\""))}");
        return null;
    }
}
