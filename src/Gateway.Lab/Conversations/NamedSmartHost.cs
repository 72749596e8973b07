namespace Gateway.Lab.Conversations;

/// <summary>A smart host of a conversation that serves some domains.</summary>
/// <param name="Name">As the conversation calls it.</param>
/// <param name="Domains">Whose mail goes there.</param>
public sealed record NamedSmartHost(string Name, IReadOnlyList<string> Domains);
