using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>Gathers what happens in one transaction, for its record.</summary>
internal sealed class TransactionHistory(int number, ReversePath sender, TimeSpan at)
{
    private const int MaxRecipients = 10;

    private List<ForwardPath>? _recipients;
    private int _recipientCount;
    private FindingList _findings;
    private ProfileNames _profiles;
    private Verdict? _policyRefusal;
    private Reply? _refusal;
    private bool _isRefusedByRelayControl;
    private Decision? _nextHopRefusal;

    public int Number => number;

    /// <summary>The recipient of the RCPT that is being answered.</summary>
    public ForwardPath? Asked { get; set; }

    /// <summary>Whether MAIL was answered positively.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>The first negative reply; null when there was none.</summary>
    public Reply? Refusal => _refusal;

    public void Judged(Verdict verdict)
    {
        _findings.Add(verdict.Findings);
        if (verdict.IsRefusal)
            _policyRefusal ??= verdict;
    }

    public void Accepted(Verb verb)
    {
        if (verb == Verb.Mail)
            IsAccepted = true;
        if (verb != Verb.Rcpt || Asked is not { } recipient)
            return;
        Asked = null;
        if (++_recipientCount <= MaxRecipients)
            (_recipients ??= []).Add(recipient);
    }

    public void JudgedBy(string profile) => _profiles.Add(profile);

    /// <summary>A word that is no command, or a HELO between, is not the transaction's failure.</summary>
    public void Refused(Verb verb, Reply reply, Refuser refuser)
    {
        if (verb == Verb.Rcpt)
            Remember(refuser, reply);
        Asked = null;
        if (verb is Verb.Mail or Verb.Rcpt or Verb.Data or Verb.Bdat)
            _refusal ??= reply;
    }

    private void Remember(Refuser refuser, Reply reply)
    {
        if (refuser == Refuser.RelayControl)
            _isRefusedByRelayControl = true;
        else if (refuser == Refuser.NextHop && _nextHopRefusal != Decision.Reject)
            _nextHopRefusal = reply.IsPermanent ? Decision.Reject : Decision.Defer;
    }

    /// <summary>The transaction ended without a message.</summary>
    public TransactionRecord Close() => Described(new(sender, _recipients ?? [], _recipientCount, 0, null));

    public TransactionRecord Close(Envelope envelope, long size, RelayResult fate) =>
        Described(new(envelope.Sender, [.. envelope.Recipients.Take(MaxRecipients)], envelope.Recipients.Count, size, fate));

    private TransactionRecord Described(TransactionRecord transaction) => transaction with
    {
        Number = number,
        At = at,
        Profile = _profiles.Text,
        Findings = _findings.Items,
        PolicyRefusal = _policyRefusal,
        Refusal = _refusal,
        IsRefusedByRelayControl = _isRefusedByRelayControl,
        NextHopRefusal = transaction.Fate is { IsPassedOn: true, Reply: { IsPositive: false } reply }
            ? reply.IsPermanent ? Decision.Reject : Decision.Defer
            : _nextHopRefusal,
    };
}

/// <summary>Findings, each once: what holds for a connection or a sender is found again at every recipient. Bounded.</summary>
internal struct FindingList
{
    private const int MaxFindings = 64;

    private List<Finding>? _findings;

    public readonly IReadOnlyList<Finding> Items => _findings ?? (IReadOnlyList<Finding>)[];

    public void Add(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
            if (_findings is null || (_findings.Count < MaxFindings && !_findings.Contains(finding)))
                (_findings ??= []).Add(finding);
    }
}

/// <summary>Names of profiles, each once, in the order in which they judged. Bounded.</summary>
internal struct ProfileNames
{
    private const int MaxNames = 8;

    private List<string>? _names;

    /// <summary>Null without any.</summary>
    public readonly string? Text => _names switch
    {
        null => null,
        [var only] => only,
        _ => string.Join(' ', _names),
    };

    public void Add(string name)
    {
        if (_names is null || (_names.Count < MaxNames && !_names.Contains(name)))
            (_names ??= []).Add(name);
    }
}
