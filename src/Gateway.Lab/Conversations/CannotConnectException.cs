namespace Gateway.Lab.Conversations;

/// <summary>The server of a conversation cannot be reached, or a connection cannot get the client's address.</summary>
public sealed class CannotConnectException(string message) : IOException(message);
