namespace Gateway.Smtp;

/// <summary>How the attempt to hand a message over ended.</summary>
public abstract record SendResult
{
    private SendResult()
    {
    }

    /// <summary>The server answered the end of data with 2xx, and is responsible for the message now (RFC 5321 §4.2.5).</summary>
    /// <param name="Reply">The reply to the end of data.</param>
    /// <param name="EightBitUnannounced">8-bit content went to a server that does not offer 8BITMIME, unchanged.</param>
    public sealed record Delivered(Reply Reply, bool EightBitUnannounced = false) : SendResult;

    /// <summary>The server refused, and nothing of the message was delivered to anybody.</summary>
    /// <param name="Reply">The server's reply, or the client's own where the server lacks an extension (553 5.6.7, 554 5.6.3).</param>
    /// <param name="Stage">The command that it answers.</param>
    /// <param name="Recipient">The recipient that was refused, at RCPT.</param>
    public sealed record Refused(Reply Reply, Verb Stage, ForwardPath? Recipient = null) : SendResult;

    /// <summary>The connection failed, or timed out, or the server does not speak SMTP.</summary>
    /// <param name="Reason">For logs.</param>
    /// <param name="MayHaveBeenDelivered">
    /// The end of data was written and no reply came (RFC 1047), so another attempt can make a second copy.
    /// </param>
    public sealed record Failed(string Reason, bool MayHaveBeenDelivered) : SendResult
    {
        /// <summary>The 421 with which the server closed the connection before it had the message; null when it said none.</summary>
        public Reply? Farewell { get; init; }
    }
}
