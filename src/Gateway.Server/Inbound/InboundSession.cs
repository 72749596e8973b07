using System.Net;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Server.Users;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// The state of one connection to the gateway: what the protocol knows, and the client, what is found out about it, and who judges and takes
/// its mail. What happens is written to <see cref="History"/>, from which nothing here reads.
/// </summary>
internal sealed class InboundSession : Session
{
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly ConnectionPlace _place;
    private readonly CancellationToken _ended;
    private PolicyFacts? _facts;
    private ClaimedClient? _claimed;

    // A PROXY header such as LOCAL or UNKNOWN names no client. Its connection may be anybody's, and the proxy's own address gives it no right.
    private bool _isNobody;
    private bool _isTrusted;

    /// <param name="listener">What the connection shares with others.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="peer">The address that has connected; never IPv4-mapped.</param>
    /// <param name="destination">The address to which it has connected.</param>
    /// <param name="place">Counts the connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ended">Cancelled when the connection is gone, to end its look-ups.</param>
    public InboundSession(
        InboundListener listener, string id, IPEndPoint peer, EndPoint? destination, ConnectionPlace place, TimeProvider time, CancellationToken ended)
        : base(listener.Smtp)
    {
        (Listener, Id, Peer, Client, Destination) = (listener, id, peer, peer, destination);
        (_place, _time, _ended) = (place, time, ended);
        (Started, _startedAt) = (time.GetUtcNow(), time.GetTimestamp());
        Judge = listener.Engine;
        History = new(listener.Engine.Profile.Name);
        Context = new(listener.HostName, id, listener.ExplainUrl) { Started = TimeZoneInfo.ConvertTime(Started, time.LocalTimeZone) };
    }

    public InboundListener Listener { get; }

    public DateTimeOffset Started { get; }

    public TimeSpan Elapsed => _time.GetElapsedTime(_startedAt);

    /// <summary>The address that connected: the client, or a proxy that speaks for it.</summary>
    public IPEndPoint Peer { get; }

    /// <summary>The client's address, by the connection or by a trusted proxy; never IPv4-mapped.</summary>
    public IPEndPoint Client { get; private set; }

    /// <summary>The address that the client connected to, as far as it is known.</summary>
    public EndPoint? Destination { get; private set; }

    /// <summary>How a trusted proxy has named the client: <c>PROXY</c> or <c>XCLIENT</c>; null when none has.</summary>
    public string? ClaimedBy { get; private set; }

    /// <summary>Whether there is room for the client.</summary>
    public Admission Admission => _place.Admission;

    /// <summary>What the policy's replies tell of the session.</summary>
    public ReplyContext Context { get; }

    /// <summary>The policy that judges: the listener's, unless the domain of the transaction's recipients chooses another.</summary>
    public PolicyEngine Judge { get; set; }

    /// <summary>The next hop of the transaction's recipients; null before the first recipient was accepted.</summary>
    public INextHop? NextHop { get; set; }

    /// <summary>How many transactions the client has begun; with the session's id it names one.</summary>
    public int TransactionCount { get; private set; }

    /// <summary>What has happened so far.</summary>
    public SessionHistory History { get; }

    /// <summary>The user as which the client has authenticated here, or whom a trusted proxy has authenticated.</summary>
    public override string? User => Login ?? _claimed?.User;

    /// <summary>By the address that the connection came from, after PROXY. A client that XCLIENT names gains nothing by it, and loses nothing.</summary>
    public override bool MayXclient => !_isNobody && _isTrusted;

    public override bool IsOwnClient => User is not null || RelayNetwork is not null;

    /// <summary>The address by which the client may be allowed to relay; null when a proxy does not say whose connection it is.</summary>
    public IPAddress? RelaysAs => _isNobody ? null : Client.Address;

    public bool MayRelay => Listener.RelayControl.MayRelay(RelaysAs, User);

    private IPNetwork? RelayNetwork => RelaysAs is { } address ? Listener.RelayControl.NetworkOf(address) : null;

    /// <summary>
    /// Why no policy judges the client: it is a user or in a relay network, and no server that delivers mail from elsewhere. A laptop or a
    /// copier needs no reverse DNS. Null for a stranger.
    /// </summary>
    private Finding? Exemption => User is { } user ? Exempt("authenticated", $"authenticated as {SafeText.Of(user, UserFile.MaxName)}")
        : RelayNetwork is { } network ? Exempt("relay-network", $"{Client.Address} is in the relay network {network}")
        : null;

    /// <summary>Begins with the client that the connection or its PROXY header names. The reverse lookup starts here; a check that needs it waits for it.</summary>
    /// <param name="header">Null on a listener without proxies.</param>
    public void Begin(ProxyHeader? header)
    {
        // A health check by version 1 names the proxy itself.
        if (header?.Source is { } source && !source.Equals(Peer))
            Name("PROXY", source, header.Destination ?? Destination);
        _isNobody = Listener.IsProxied && ClaimedBy is null;
        _isTrusted = Listener.Trusts(Client.Address);
        _place.CountFor(_isTrusted ? null : Client.Address);
        _facts = FactsAbout(_isNobody ? new(PolicyFacts.Nobody, 0) : Client, told: null, _ended);
    }

    /// <summary>Goes on with the client that a trusted proxy names by XCLIENT. What was found about another client is forgotten.</summary>
    public void Become(XclientAttributes attributes)
    {
        (_claimed ??= new()).Add(attributes);
        Name("XCLIENT", _claimed.Client(Client), _claimed.Destination(Destination));
        _place.CountFor(Client.Address);
        _facts = FactsAbout(Client, _claimed.FactsAbout(Client.Address), _claimed.Ask(_ended));
        Unaccepted = _claimed.Helo;
    }

    /// <summary>
    /// What the policy reads, brought in line with what holds now. A command under judgment adds what it brings: only the question knows a
    /// HELO, a sender or a recipient that is not accepted yet.
    /// </summary>
    public PolicyFacts CurrentFacts()
    {
        var facts = _facts!;
        if (facts.Helo != Introduction)
            facts.Helo = Introduction;
        if (facts.Sender != Transaction?.Sender)
            facts.Sender = Transaction?.Sender;
        facts.IsEarlyTalker = IsEarlyTalker;
        facts.Exemption = Exemption;
        return facts;
    }

    /// <summary>A MAIL command was received, and is about to be judged.</summary>
    public void BeginTransaction(ReversePath sender) => History.Began(++TransactionCount, sender, Elapsed);

    /// <summary>The transaction is over, and with it its recipients, who judges them, and who takes their mail.</summary>
    public void EndTransaction()
    {
        NextHop = null;
        Judge = Listener.Engine;
        _facts!.Reset();
        History.TransactionEnded();
    }

    /// <summary>The record of the session, which is over.</summary>
    public SessionRecord Record(SessionEnd end) => new(History)
    {
        Id = Id!,
        Started = Started,
        Elapsed = Elapsed,
        End = end,
        Peer = Peer,
        Client = Client,
        ClaimedBy = ClaimedBy,
        Listener = Destination,
        Facts = _facts?.ClientIfKnown,
        Trail = _facts?.Trail ?? [],
        Helo = Introduction,
        Tls = Tls,
        User = User,
        FailedLogins = Limits.FailedLogins,
        StorageFailure = StorageFailure?.Message,
    };

    private void Name(string by, IPEndPoint client, EndPoint? destination)
    {
        (ClaimedBy, Client, Destination) = (by, client, destination);
        History.ClientNamed();
    }

    private static Finding Exempt(string by, string reason) => new(by, CheckMode.Enforce, Outcome.Accept(reason));

    private PolicyFacts FactsAbout(IPEndPoint client, ClientFacts? told, CancellationToken ended)
    {
        // A client that no check will judge costs no query.
        var isUnasked = Admission != Admission.Granted || (told is null
            && (Listener.RelayControl.NetworkOf(client.Address) is not null || Listener.Engine.Exemptions.ByAddress(client.Address) is not null));
        var facts = isUnasked ? PolicyFacts.Unasked(client.Address, Listener.Sources, ended)
            : told is not null ? new(client.Address, Task.FromResult(told), Listener.Sources, ended)
            : PolicyFacts.Start(client.Address, Listener.Sources, ended);
        facts.Port = client.Port == 0 ? null : client.Port;
        return facts;
    }
}
