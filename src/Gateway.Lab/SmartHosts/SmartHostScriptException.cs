namespace Gateway.Lab.SmartHosts;

/// <summary>The mistakes in the smart host's file, each with file, line, word, and what is allowed.</summary>
public sealed class SmartHostScriptException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
