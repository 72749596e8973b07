namespace Gateway.Server.Configuration;

/// <summary>One mistake in the configuration.</summary>
/// <param name="Path">Where it stands, such as <c>Listeners[0].Endpoint</c>, or a file and its line.</param>
/// <param name="Problem">What is wrong, and what may stand there.</param>
public sealed record ConfigurationError(string Path, string Problem)
{
    public static ConfigurationError Wrong(string path, string value, string allowed) => new(path, $"is \"{value}\", but must be {allowed}");

    public static ConfigurationError Missing(string path, string allowed) => new(path, $"is missing: set it to {allowed}");

    public override string ToString() => Path.Length == 0 ? Problem : $"{Path} {Problem}";
}

/// <summary>What a configuration says in a way that works, and should be said otherwise.</summary>
/// <param name="Path">The key.</param>
/// <param name="Advice">What to write instead, and why.</param>
public sealed record ConfigurationWarning(string Path, string Advice)
{
    public override string ToString() => $"{Path} {Advice}";
}

/// <summary>The configuration, or a file that belongs to it, cannot be used; every mistake is named.</summary>
public sealed class ConfigurationException(params IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;

    /// <summary>What was typed cannot be used. Each problem is a whole sentence, and the configuration itself may be right.</summary>
    public static ConfigurationException OfCommandLine(params IReadOnlyList<string> problems) =>
        new([.. problems.Select(static problem => new ConfigurationError("", problem))]) { Subject = null };

    /// <summary>What they are mistakes of, as a sentence begins; null when the errors are whole sentences.</summary>
    public string? Subject { get; init; } = "the configuration has";
}
