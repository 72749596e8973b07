namespace Gateway.Smtp;

/// <summary>How a recipient check ended: would the server take mail for the recipient?</summary>
public abstract record RecipientCheckResult
{
    private RecipientCheckResult()
    {
    }

    /// <summary>The server's reply to RCPT, whatever it says.</summary>
    public sealed record Answered(Reply Reply) : RecipientCheckResult;

    /// <summary>MAIL was refused, so the recipient was never considered.</summary>
    public sealed record SenderRefused(Reply Reply) : RecipientCheckResult;

    /// <summary>The connection failed, timed out, or was closed with 421.</summary>
    /// <param name="Reason">For logs.</param>
    public sealed record Failed(string Reason) : RecipientCheckResult;
}
