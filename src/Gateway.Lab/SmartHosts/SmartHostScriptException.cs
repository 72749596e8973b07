namespace Gateway.Lab.SmartHosts;

/// <summary>Lines of a smart host's script that are no answer: file, line, word, and what is allowed.</summary>
public sealed class SmartHostScriptException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
