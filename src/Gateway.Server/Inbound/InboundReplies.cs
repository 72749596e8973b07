using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>The product's own replies: not those of the protocol, of a policy or of a next hop.</summary>
internal static class InboundReplies
{
    public static readonly Reply SenderOk = new(250, 1, 0, "Originator OK");
    public static readonly Reply RecipientOk = new(250, 1, 5, "Recipient OK");

    // RFC 5321 §4.5.3.1.10: "too many recipients" (X.5.3 of RFC 3463 §3.6) makes the client send the rest in another transaction.
    public static readonly Reply AnotherServer = new(452, 5, 3, "This recipient is served by another server; send it separately");
    public static readonly Reply AnotherReceiver = new(452, 5, 3, "This recipient is judged by another profile; send it separately");

    // Not 550: recipients that the client has not asked for yet may exist, and it should try them again. RFC 5321 §3.8 lets 421 come at any time.
    public static readonly Reply TooManyUnknownRecipients = new(421, 7, 0, "Too many recipients in this session do not exist here; closing");

    // RFC 4954 §6 gives 530 the status 5.7.0 and these words no number. KB895853 and Exchange 2003 speak of 5.7.3, "Client was not
    // authenticated", which is what an administrator looks for in his NDR; clients go by the 530.
    public static readonly Reply NotAuthenticated = new(530, 7, 3, "Client was not authenticated");

    // RFC 4954 §6.
    public static readonly Reply Authenticated = new(235, 7, 0, "Authentication successful");
    public static readonly Reply WrongPassword = new(535, 7, 8, "Authentication credentials invalid");
    public static readonly Reply LoginsBusy = new(454, 7, 0, "Too many logins at the moment, try again later");
    public static readonly Reply LastLoginFailed = new(421, 7, 0, "Too many failed logins; closing");
}
