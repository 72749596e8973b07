namespace Gateway.Server.Talking;

/// <summary>No reply came, or none that is SMTP; the message says what happened instead.</summary>
internal sealed class TalkException(string message, Exception? inner = null) : Exception(message, inner);
