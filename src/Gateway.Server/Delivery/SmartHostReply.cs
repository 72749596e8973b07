using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>What of a smart host's reply goes to the client, and what does not.</summary>
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

    /// <summary>RFC 4954 §6: required, too weak, wrong, only with encryption. All of them are about us, and none about a message.</summary>
    public static bool WantsAuthentication(Reply reply) => reply.Code is 530 or 534 or 535 or 538;
}
