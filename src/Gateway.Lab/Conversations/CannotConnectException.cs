namespace Gateway.Lab.Conversations;

/// <summary>A server that a conversation is to be played against cannot be reached, or not as the conversation's client.</summary>
public sealed class CannotConnectException(string message) : IOException(message);
