namespace Gateway.Lab;

/// <summary>A server that a conversation is to be played against cannot be reached.</summary>
public sealed class CannotConnectException(string message, Exception? reason) : IOException(message, reason);
