namespace Gateway.Smtp;

/// <summary>What a client wants of a server to which it is connected, from the first command to the last reply.</summary>
internal interface IDialogue<T>
{
    /// <summary>The server still holds a transaction that came to nothing: RSET goes before the next one.</summary>
    bool NeedsReset { get; }

    /// <param name="resetFirst">The dialogue before has left a transaction.</param>
    Task<(T Result, bool IsReusable)> RunAsync(bool resetFirst);
}
