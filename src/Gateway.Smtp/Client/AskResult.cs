namespace Gateway.Smtp;

/// <summary>How the question whether a server would take a recipient's mail ended.</summary>
public abstract record AskResult
{
    private AskResult()
    {
    }

    /// <summary>The server's reply to RCPT, whatever it says.</summary>
    public sealed record Answered(Reply Reply) : AskResult;

    /// <summary>MAIL was refused, so the recipient was never considered.</summary>
    public sealed record SenderRefused(Reply Reply) : AskResult;

    /// <summary>The connection failed, timed out, or was closed with 421.</summary>
    /// <param name="Reason">For logs.</param>
    public sealed record Failed(string Reason) : AskResult;
}
