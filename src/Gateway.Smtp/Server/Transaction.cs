namespace Gateway.Smtp;

/// <summary>A mail transaction under way (RFC 5321 §3.3). The envelope's parts are public; how far the message has come is the protocol's.</summary>
public sealed class Transaction
{
    private readonly List<ForwardPath> _recipients = new(1);
    private Envelope? _envelope;

    internal Transaction(ReversePath sender, MailParameters parameters) => (Sender, Parameters) = (sender, parameters);

    public ReversePath Sender { get; }

    public MailParameters Parameters { get; }

    /// <summary>How many recipients were accepted.</summary>
    public int Recipients => _recipients.Count;

    /// <summary>Whether RCPT was tried, with whatever success. Then DATA is not out of sequence, but lacks recipients.</summary>
    internal bool HasAskedForRecipients { get; set; }

    /// <summary>How many recipients were refused because there were too many.</summary>
    internal int Excess { get; set; }

    /// <summary>The envelope. No recipient can be added once it was asked for.</summary>
    internal Envelope Envelope => _envelope ??= new Envelope(Sender, _recipients, Parameters);

    /// <summary>The message as far as it has come; null before DATA or BDAT.</summary>
    internal IncomingMessage? Message { get; set; }

    /// <summary>Whether the message was decided; only its reply is yet to be written.</summary>
    internal bool IsOver { get; set; }

    internal void Add(ForwardPath recipient) => _recipients.Add(recipient);
}
