namespace Gateway.Lab.Conversations;

/// <summary>A conversation file that cannot be understood. Every problem is told, each with file, line and reason.</summary>
public sealed class ConversationFormatException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
