using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>Turns a smart host's reply into the reply that the client gets.</summary>
internal static class SmartHostReply
{
    /// <summary>
    /// The smart host's own reply, class and text. RFC 2034 §4 wants an enhanced status where it gave none. Its 421 closes its
    /// connection with us (RFC 5321 §3.8); said to the client, it would close that one.
    /// </summary>
    public static Reply PassedOn(Reply reply) => reply switch
    {
        { Code: 421 } => new(451, reply.Status ?? new(4, 0, 0), reply.Lines),
        { Status: null } => new(reply.Code, 0, 0, reply.Lines),
        _ => reply,
    };

    /// <summary>Whether the reply is about the gateway's login, and not about a message. RFC 4954 §6: required, too weak, wrong, only with encryption.</summary>
    public static bool WantsAuthentication(Reply reply) => reply.Code is 530 or 534 or 535 or 538;
}
