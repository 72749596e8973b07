using System.Globalization;
using Gateway.Smtp;

namespace Gateway.Lab.Exchange;

/// <summary>The code that Exchange 2003 gives a failure, and what Outlook shows for it.</summary>
/// <param name="Code">The code.</param>
/// <param name="Other">Another code that the same failure may get; null when there is none.</param>
internal sealed record NonDeliveryCode(string Code, string? Other = null)
{
    private const string Generic =
        "Your mail system could not find a way to successfully communicate with the destination system. Please notify your administrator.";

    private static readonly Dictionary<string, (string Sentence, Origin Origin)> Sentences = new()
    {
        ["5.5.0"] = (Generic, Origin.Kb300171),
        ["5.5.4"] = (Generic, Origin.Kb300171),
        ["5.1.1"] = ("The e-mail account does not exist at the organization this message was sent to. Check the e-mail address, or contact the recipient"
            + " directly to find out the correct address.", Origin.Kb284204),
        ["5.2.2"] = ("The message could not be delivered because the recipient's mailbox is full.", Origin.Reports),
        ["5.7.1"] = ("You do not have permission to send to this recipient. For assistance, contact your system administrator.", Origin.Reports),
        ["4.4.7"] = ("Could not deliver the message in the time limit specified. Please retry or contact your administrator.", Origin.Reports),
    };

    public static readonly NonDeliveryCode Expired = new("4.4.7");

    public static NonDeliveryCode Of(DeliveryFailure failure) => failure switch
    {
        // KB300171: 5.5.0 is a generic SMTP failure; its translations know #5.5.4, "transaction failed", too.
        { IsOfConnection: true } => new("5.5.0", "5.5.4"),
        // KB895853, scenario 5; scenario 2 says 5.7.1, whatever code the reply on the connection has.
        { Stage: DeliveryStage.Authentication } => new("5.7.3"),
        _ when RelayCauses.DemandsAuthentication(failure) => new("5.7.1", "5.7.3"),
        { Reply.Status: { } status } => new(status.ToString()),
        // RFC 5321 §4.2.3: 554 is "transaction failed".
        { Reply.Code: 554 } => new("5.5.0", "5.5.4"),
        _ => new("5.0.0"),
    };

    public bool HasOwnSentence => Sentences.ContainsKey(Code);

    public (string Sentence, Origin Origin) Sentence => Sentences.TryGetValue(Code, out var known) ? known : Sentences["5.5.0"];

    /// <summary>The last line for a recipient: <c>&lt;Server.source.com&gt; #5.5.0</c>, or with the reply: <c>&lt;server #5.7.1 smtp;550 5.7.1 …&gt;</c>.</summary>
    public string Diagnostic(string server, Reply? reply) => reply is null
        ? $"<{server}> #{Code}"
        : string.Create(CultureInfo.InvariantCulture, $"<{server} #{Code} smtp;{ExchangeReporter.Said(reply)}>");
}
