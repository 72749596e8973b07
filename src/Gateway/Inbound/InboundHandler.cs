using System.Net;
using System.Security.Authentication;
using Gateway.Policy;
using Gateway.Smtp;
using Gateway.Users;

namespace Gateway.Inbound;

/// <summary>
/// Answers for the product what the protocol asks: policy and relay control, then delivery. One for each connection.
/// </summary>
internal sealed class InboundHandler(
    InboundListener listener, SessionRecord record, ConnectionPlace place, TimeProvider time, ILogger logger, CancellationToken ended) : IMailHandler
{
    private const int MaxFailedLogins = 3;

    // RFC 5321 §4.5.3.1.10: "too many recipients" (X.5.3 of RFC 3463 §3.6) makes the client send the rest in another transaction.
    private static readonly Reply AnotherServer = new(452, 5, 3, "This recipient is served by another server; send it separately");
    private static readonly Reply AnotherReceiver = new(452, 5, 3, "This recipient is judged by another profile; send it separately");
    // RFC 4954 §6 gives 530 the status 5.7.0 and these words no number. KB895853 and Exchange 2003 speak of 5.7.3, "Client was not
    // authenticated", which is what an administrator looks for in his NDR; clients go by the 530.
    private static readonly Reply NotAuthenticated = new(530, 7, 3, "Client was not authenticated");

    // RFC 4954 §6.
    private static readonly Reply Authenticated = new(235, 7, 0, "Authentication successful");
    private static readonly Reply WrongPassword = new(535, 7, 8, "Authentication credentials invalid");
    private static readonly Reply LoginsBusy = new(454, 7, 0, "Too many logins at the moment, try again later");
    private static readonly Reply SenderOk = new(250, 1, 0, "Originator OK");
    private static readonly Reply RecipientOk = new(250, 1, 5, "Recipient OK");

    // The reverse lookup starts here, at accept; who needs it waits for it.
    private PolicyFacts _facts = FactsAbout(record.Client.Address, listener, place.Admission, ended);
    private readonly ReplyContext _context = new(listener.HostName, record.Id, listener.ExplainUrl);
    private readonly long _started = time.GetTimestamp();
    private SmtpSession? _session;
    private INextHop? _nextHop;
    private ClaimedClient? _claimed;
    private string? _claimedUser;

    // Judges the transaction once it has a recipient: the listener's, or that which the recipient's domain names.
    private PolicyEngine _judge = listener.Engine;

    public void Serves(SmtpSession session) => _session = session;

    private static PolicyFacts FactsAbout(IPAddress client, InboundListener listener, Admission admission, CancellationToken ended) =>
        listener.Engine.Exemptions.ByAddress(client) is null && admission == Admission.Granted
            ? PolicyFacts.Start(client, listener.Sources, ended)
            : PolicyFacts.Unasked(client, listener.Sources, ended);

    // A PROXY header that names nobody (LOCAL, UNKNOWN, UNIX …) may stand for anybody: no right comes of the proxy's own address.
    private readonly bool _isAnybody = listener.IsProxied && record.ClaimedBy is null;

    // By the address that the connection came from, after PROXY: whom XCLIENT has named gains nothing by it, and loses nothing.
    public bool MayXclient { get; } = listener.Trusts(record.Client.Address) && !(listener.IsProxied && record.ClaimedBy is null);

    public ValueTask<Reply> XclientAsync(XclientAttributes attributes, CancellationToken cancellationToken)
    {
        (_claimed ??= new()).Add(attributes);
        record.Claimed("XCLIENT", _claimed.Client(record.Client), _claimed.Destination(record.Listener));
        // A user belongs to the address as its names do: who comes next on the proxy's connection is somebody else.
        if (attributes.Login is { } login)
            _claimedUser = login.TryGet(out var user) ? user : null;
        else if (attributes.Address is not null)
            _claimedUser = null;
        BeClaimedUser();
        record.Helo = _claimed.Helo;
        var client = record.Client.Address;
        place.CountFor(client);
        _nextHop = null;
        _judge = listener.Engine;
        var asking = _claimed.Ask(ended);
        _facts = place.Admission == Admission.Granted && _claimed.FactsAbout(client) is { } told
            ? new PolicyFacts(client, Task.FromResult(told), listener.Sources, asking)
            : FactsAbout(client, listener, place.Admission, asking);
        _facts.Helo = record.Helo;
        return ConnectAsync(cancellationToken);
    }

    // Who authenticated before was somebody else, or said so before TLS: what stays is whom a trusted proxy has named.
    private void BeClaimedUser()
    {
        record.User = _claimedUser;
        _session!.IsAuthenticated = _claimedUser is not null;
    }

    public async ValueTask<Reply> ConnectAsync(CancellationToken cancellationToken)
    {
        if (place.Admission != Admission.Granted)
            return TooMany();
        if (listener.Engine.GreetingWait(_facts) is { } wait)
            _facts.IsEarlyTalker = await _session!.ListenAsync(wait);
        return await JudgeAsync(Stage.Connect, cancellationToken) ?? listener.Engine.Welcome(_facts, _context) ?? listener.Greeting;
    }

    public ValueTask<Reply?> HeloAsync(Helo helo, CancellationToken cancellationToken)
    {
        record.Helo = helo;
        _facts.Helo = helo;
        // It may have spoken while the greeting waited for the DNS.
        _facts.IsEarlyTalker |= _session!.IsEarlyTalker;
        return JudgeAsync(Stage.Helo, cancellationToken);
    }

    public async ValueTask<Reply> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken)
    {
        // The engine asks only where there are users.
        var outcome = await listener.Logins!.LoginAsync(record.Client.Address, credentials, cancellationToken);
        switch (outcome.Result)
        {
            case LoginResult.Accepted:
                record.User = outcome.User;
                return Authenticated;
            case LoginResult.Busy:
                return Signed(LoginsBusy);
        }
        record.LoginFailed(outcome.User);
        return Signed(record.FailedLogins >= MaxFailedLogins ? new(421, 7, 0, "Too many failed logins; closing")
            : outcome.Result == LoginResult.TooMany ? new(454, 7, 0, $"Too many failed logins from [{record.Client.Address}], try again later")
            : WrongPassword);
    }

    public async ValueTask<Reply> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken)
    {
        _facts.Sender = sender;
        record.Begin(sender, time.GetElapsedTime(_started));
        if (listener.RequiresAuthentication && record.User is null)
            return Signed(NotAuthenticated);
        return await JudgeAsync(Stage.Mail, cancellationToken) ?? SenderOk;
    }

    public async ValueTask<Reply> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        record.Asked(recipient);
        // Asked on its own and first: whatever the policy says, this is never an open relay.
        if (listener.RelayControl.Judge(_isAnybody ? null : record.Client.Address, record.User, recipient) is { } refusal)
            return Signed(refusal);
        if (ChooseJudge(recipient) is { } unjudged)
            return Signed(unjudged);
        _facts.Recipient = recipient;
        if (await JudgeAsync(Stage.Recipient, cancellationToken) is { } judged)
            return judged;
        if (listener.Relay.NextHopOf(recipient) is not { } hop)
            return Signed(new(550, 4, 4, $"No next hop is configured for {recipient.Mailbox.Domain}"));
        if (_nextHop is not null && _nextHop != hop)
            return Signed(AnotherServer);
        // Whose mail a trusted client sends elsewhere, the next hop would have to find out elsewhere, too.
        if (listener.RelayControl.IsOurs(recipient) && !recipient.IsBarePostmaster
            && await hop.AskAsync(recipient, cancellationToken) is { } unknown)
        {
            record.NextHopRefuses();
            return unknown;
        }
        // Last: who is refused for another reason is not counted.
        if (OverQuota() is { } quota)
            return Signed(quota);
        _nextHop = hop;
        return RecipientOk;
    }

    /// <summary>Null when it is known who judges the recipient. A message has one fate, so all its recipients have one judge.</summary>
    private Reply? ChooseJudge(ForwardPath recipient)
    {
        if (listener.ByRecipient is not { } profiles || record.User is not null)
            return null;
        var (engine, name) = profiles.JudgeOf(recipient, listener.Engine);
        if (engine is null)
            return profiles.Unknown(name!);
        if (_nextHop is not null && engine != _judge)
            return AnotherReceiver;
        if (engine != _judge)
            engine.Prepare(_facts);
        _judge = engine;
        record.JudgedBy(engine.Profile.Name);
        return null;
    }

    /// <summary>Null when one recipient more is no more than a user may have.</summary>
    private Reply? OverQuota() => record.User is not { } user || listener.Quota is not { } quota || quota.TryTake(user) ? null
        : new(450, 7, 1, $"This user has written to {quota.PerHour} recipients within an hour, which is the limit; try again later");

    // Stage.Data is spoken when the message has come, as Gmail does: here the client always hears 354.
    public ValueTask<Reply?> DataAsync(Envelope envelope, CancellationToken cancellationToken) => default;

    public async ValueTask<Reply> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        _facts.Recipients = envelope.Recipients;
        var fate = await JudgeAsync(Stage.Data, cancellationToken) is { } refusal
            ? NotTried(refusal)
            : await DeliverAsync(envelope, content, cancellationToken);
        record.Message(envelope, content.Length, fate);
        return fate.Reply;
    }

    private async ValueTask<RelayResult> DeliverAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        var header = await HeaderScan.ReadAsync(content, listener.HostName, cancellationToken);
        if (header.IsTooLong)
            return NotTried(Signed(new(552, 3, 4, $"The message header exceeds {HeaderScan.MaxHeader} octets")));
        // RFC 5321 §6.3: a count of trace fields is the only sign of a loop that may be used.
        if (header.ReceivedFields >= listener.MaxReceivedFields)
            return NotTried(Signed(new(554, 4, 6, $"Too many hops: the message has {header.ReceivedFields} Received fields, it is in a loop")));
        // That style says something about each client, so here the lookup is waited for even when no check wanted it.
        if (_judge.Profile.Received == ReceivedStyle.Exchange2003)
            record.Facts = await _facts.ClientForTraceAsync(cancellationToken);
        var message = new OutgoingMessage(Trace(envelope).Encode(), content, header.Forged);
        var result = await _nextHop!.DeliverAsync(envelope, message, cancellationToken);
        return result.IsPassedOn ? result : result with { Reply = Signed(result.Reply) };
    }

    private static RelayResult NotTried(Reply reply) => new(reply, null, 0, false, TimeSpan.Zero, null);

    /// <summary>Every refusal of ours tells the id under which it is explained; those of the policy say it in their own words.</summary>
    private Reply Signed(Reply refusal) =>
        new(refusal.Code, refusal.Status, [.. refusal.Lines.SkipLast(1), $"{refusal.Lines[^1]}; id={record.Id}"]);

    private TraceFields Trace(Envelope envelope) => new(
        listener.HostName,
        record.Client.Address,
        _facts.ClientIfKnown,
        record.Helo?.Name,
        _session!.Protocol,
        record.Tls,
        $"{record.Id}.{record.TransactionCount}",
        envelope.Recipients is [var only] ? only : null,
        time.GetLocalNow())
    {
        Style = _judge.Profile.Received,
    };

    /// <summary>Null when the client may go on.</summary>
    private async ValueTask<Reply?> JudgeAsync(Stage stage, CancellationToken cancellationToken)
    {
        // Who has authenticated is no server that delivers, but a user who submits: nobody asks for the reverse DNS of a laptop.
        var verdict = record.User is { } user ? AsUser(user) : await _judge.JudgeAsync(stage, _facts, _context, cancellationToken);
        record.Judged(verdict);
        return verdict.Reply;
    }

    private static Verdict AsUser(string user)
    {
        var finding = new Finding("authenticated", CheckMode.Enforce, Outcome.Accept($"authenticated as {SafeText.Of(user, UserFile.MaxName)}"));
        return new(Decision.Accept, null, finding, [finding]);
    }

    private Reply TooMany() => Signed(place.Admission == Admission.TooManyInAll
        ? new(421, null, $"{listener.HostName} Too many connections, try again later")
        : new(421, null, $"{listener.HostName} Too many connections from [{record.Client.Address}], try again later"));

    public void Reset()
    {
        _nextHop = null;
        _judge = listener.Engine;
        _facts.Reset();
        record.CloseTransaction();
    }

    /// <summary>The connection is gone: the record gets what is only now complete.</summary>
    public void Closed()
    {
        record.CloseTransaction();
        record.Facts = _facts.ClientIfKnown;
        record.Trail = _facts.Trail;
    }

    public void Secured(SslProtocols protocol, string cipherSuite)
    {
        record.Tls = $"{protocol} {cipherSuite}";
        record.Helo = null;
        BeClaimedUser();
        _facts.Helo = null;
    }

    public void Answered(Verb verb, Reply reply)
    {
        if (reply.IsPositive)
            record.Accepted(verb);
        else
            record.Refused(verb, reply, time.GetElapsedTime(_started));
        if (verb == Verb.Xclient && !MayXclient)
            InboundLog.XclientDenied(logger, record.Id, record.Client.ToString());
    }
}
