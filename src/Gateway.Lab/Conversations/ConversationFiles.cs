namespace Gateway.Lab.Conversations;

/// <summary>Reads several conversations, and tells the mistakes of all of them at once.</summary>
public static class ConversationFiles
{
    /// <exception cref="ConversationFormatException">With every mistake of every file.</exception>
    public static IReadOnlyList<Conversation> Read(IEnumerable<string> paths)
    {
        var conversations = new List<Conversation>();
        var problems = new List<string>();
        foreach (var path in paths)
            try
            {
                conversations.Add(ConversationReader.Read(path));
            }
            catch (ConversationFormatException mistakes)
            {
                problems.AddRange(mistakes.Problems);
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{path}: {trouble.Message}");
            }
        return problems.Count == 0 ? conversations : throw new ConversationFormatException(problems);
    }
}
