namespace Gateway.Server.Journal;

/// <summary>The journal cannot be used; the message says why, and names the file.</summary>
public sealed class JournalException(string message, Exception? cause = null) : Exception(message, cause);
