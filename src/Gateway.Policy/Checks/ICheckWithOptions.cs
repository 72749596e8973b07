using Gateway.Policy.Reading;

namespace Gateway.Policy.Checks;

/// <summary>A check to which a profile can say more than a mode. What it makes of its options is a check again: an immutable value.</summary>
internal interface ICheckWithOptions : IPolicyCheck
{
    /// <summary>The check as a rule wants it. Mistakes are told to the reader.</summary>
    /// <param name="reader">Of what stands around the options.</param>
    /// <param name="rule">Where a mistake is if there are no options.</param>
    /// <param name="options">Its "options"; null when it has none.</param>
    IPolicyCheck With(JsonObjectReader reader, JsonValue rule, JsonValue? options);
}
