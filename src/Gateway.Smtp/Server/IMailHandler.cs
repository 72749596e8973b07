using System.Security.Authentication;

namespace Gateway.Smtp;

/// <summary>
/// The seam between the protocol and the product: the few questions that SMTP cannot answer itself. One handler serves one
/// connection and is never asked two things at once. A negative reply is spoken and the command has not happened.
/// </summary>
public interface IMailHandler
{
    /// <summary>The greeting: 220; or 554, after which everything but QUIT gets 503 (RFC 5321 §3.1); or 421, which closes.</summary>
    ValueTask<Reply> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>The peer may speak for others: XCLIENT is announced to it, and hidden from everybody else.</summary>
    bool MayXclient { get; }

    /// <summary>
    /// XCLIENT from a peer that may: from now on the session is that of the client which is named. The reply is the new greeting, with
    /// which everything starts over; as for <see cref="ConnectAsync"/>, a negative one refuses the client and not the command.
    /// </summary>
    ValueTask<Reply> XclientAsync(XclientAttributes attributes, CancellationToken cancellationToken);

    /// <summary>The client is one of ours, by its network or because it has authenticated: the bounds for strangers are not for it.</summary>
    bool IsOwnClient { get; }

    /// <summary>
    /// HELO or EHLO. Null lets the engine answer with its name and its extensions; a positive reply stands in place of the name, and the
    /// extensions follow it all the same.
    /// </summary>
    ValueTask<Reply?> HeloAsync(Helo helo, CancellationToken cancellationToken);

    /// <summary>
    /// AUTH, over TLS only: 235 2.7.0, or why not. How often a client may try, and how long a wrong answer takes, is the
    /// handler's to say; 421 ends the session.
    /// </summary>
    ValueTask<Reply> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken);

    ValueTask<Reply> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken);

    ValueTask<Reply> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken);

    /// <summary>Before 354, or before the first BDAT chunk. Null goes on.</summary>
    ValueTask<Reply?> DataAsync(Envelope envelope, CancellationToken cancellationToken);

    /// <summary>
    /// The whole message has arrived. The reply is the message's fate: a positive one says "delivered or durable". The
    /// engine disposes the content afterwards. The token is cancelled only when the process must die: a client that
    /// hangs up does not stop a delivery under way.
    /// </summary>
    ValueTask<Reply> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken);

    /// <summary>
    /// Other words for what the engine answers itself: to STARTTLS, DATA (354), RSET, NOOP, VRFY, HELP and QUIT. The code must be that of
    /// the engine. Null leaves the words to the engine.
    /// </summary>
    Reply? Words(Verb verb) => null;

    /// <summary>The transaction is gone: RSET, a new HELO, STARTTLS, or its message was answered.</summary>
    void Reset();

    /// <summary>TLS is up; what was said before the handshake is forgotten (RFC 3207 §4.2).</summary>
    void Secured(SslProtocols protocol, string cipherSuite);

    /// <summary>
    /// A refusal of the engine's that ends a transaction or the session, before it is spoken: the product puts the id behind it under
    /// which it can be explained.
    /// </summary>
    Reply Signed(Reply refusal);

    /// <summary>Every reply as it is written, the engine's own too: for the record of the session.</summary>
    void Answered(Verb verb, Reply reply);
}
