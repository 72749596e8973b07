namespace Gateway.Smtp;

/// <summary>
/// The seam between the protocol and the product: the few questions that SMTP cannot answer itself. A handler serves one connection, reads
/// its <see cref="Session"/>, and is never asked two things at once. A command that it refuses has not happened.
/// </summary>
public interface IMailHandler
{
    /// <summary>How long to hold back the greeting, to see whether the client sends first; null does not hold it back.</summary>
    TimeSpan? GreetingWait => null;

    /// <summary>The greeting: 220; or 554, after which everything but QUIT gets 503 (RFC 5321 §3.1); or 421, which closes.</summary>
    ValueTask<CommandOutcome> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A peer that may has named another client by XCLIENT. From now on the session belongs to that client, and
    /// <see cref="ConnectAsync"/> is asked for its greeting.
    /// </summary>
    void ClientNamed(XclientAttributes attributes);

    /// <summary>
    /// HELO or EHLO. Without a reply the server answers with its name and its extensions. A positive reply stands in place of the name, and
    /// the extensions follow it.
    /// </summary>
    ValueTask<CommandOutcome> HeloAsync(Helo helo, CancellationToken cancellationToken);

    /// <summary>
    /// AUTH, over TLS only. The handler decides how long a wrong password takes, and how often a client may try; 421 ends the session.
    /// </summary>
    ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken);

    ValueTask<CommandOutcome> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken);

    ValueTask<CommandOutcome> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken);

    /// <summary>Asked before 354, or before the first chunk of BDAT. Without a reply the message may come.</summary>
    ValueTask<CommandOutcome> DataAsync(Envelope envelope, CancellationToken cancellationToken) => default;

    /// <summary>
    /// The whole message has arrived, and the reply decides it: a positive one says "delivered or durable". The protocol disposes the
    /// content afterwards. The token is cancelled only when the process must end: a client that hangs up does not stop a delivery.
    /// </summary>
    ValueTask<CommandOutcome> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken);

    /// <summary>
    /// Other words for the server's own replies to STARTTLS, DATA (354), RSET, NOOP, VRFY, HELP and QUIT, with the same code; null leaves
    /// the words to the server.
    /// </summary>
    Reply? Words(Verb verb) => null;

    /// <summary>The transaction is over: by RSET, a new HELO, or because its message was answered.</summary>
    void TransactionEnded()
    {
    }

    /// <summary>Each reply as it is written, those of the server included, with what was decided: for the record of the session.</summary>
    void Answered(Verb verb, CommandOutcome outcome)
    {
    }
}
