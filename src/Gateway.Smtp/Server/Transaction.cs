namespace Gateway.Smtp;

/// <summary>A mail transaction under way (RFC 5321 §3.3).</summary>
internal sealed class Transaction(ReversePath sender, MailParameters parameters)
{
    private readonly List<ForwardPath> _recipients = new(1);
    private Envelope? _envelope;

    public MailParameters Parameters => parameters;

    public int Recipients => _recipients.Count;

    /// <summary>Whether RCPT was tried, with whatever success: DATA is then not out of sequence, but without recipients.</summary>
    public bool HasAskedForRecipients { get; set; }

    /// <summary>Recipients that were one too many.</summary>
    public int Excess { get; set; }

    /// <summary>No recipient can be added once it was asked for.</summary>
    public Envelope Envelope => _envelope ??= new Envelope(sender, _recipients, parameters);

    /// <summary>The message as far as it has come; between commands that is by BDAT.</summary>
    public IncomingMessage? Message { get; set; }

    /// <summary>The message's fate is decided; only its reply is yet to be written.</summary>
    public bool IsOver { get; set; }

    public void Add(ForwardPath recipient) => _recipients.Add(recipient);
}
