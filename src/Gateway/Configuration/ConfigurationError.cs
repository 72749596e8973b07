namespace Gateway.Configuration;

/// <summary>One mistake in the configuration.</summary>
/// <param name="Path">Where it stands, such as <c>Listeners[0].Endpoint</c>.</param>
/// <param name="Value">What stands there; null when nothing does.</param>
/// <param name="Allowed">What may stand there.</param>
public sealed record ConfigurationError(string Path, string? Value, string Allowed)
{
    public override string ToString() => Value is null ? $"{Path} is missing: {Allowed}" : $"{Path} is \"{Value}\": {Allowed}";
}

/// <summary>The configuration cannot be used; every mistake is named.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
