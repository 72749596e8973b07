using System.Net;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Server.Users;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// Who a session's client is: the address that connected, or whom a trusted proxy names by XCLIENT; its user; and what is found out
/// about it. The address and the user stand in the session's record.
/// </summary>
internal sealed class SessionClient(InboundListener listener, SessionRecord record, ConnectionPlace place, CancellationToken ended)
{
    private readonly bool _isTrusted = listener.Trusts(record.Client.Address);

    // LOCAL, UNKNOWN, UNIX …: who is behind such a PROXY header may be anybody, and no right comes of the proxy's own address.
    private readonly bool _isNobody = IsNobody(listener, record);
    private ClaimedClient? _claimed;

    /// <summary>Whether there is room for it.</summary>
    public Admission Admission => place.Admission;

    /// <summary>The reverse lookup starts here, at accept; who needs it waits for it.</summary>
    public PolicyFacts Facts { get; private set; } = FactsAbout(
        IsNobody(listener, record) ? new(PolicyFacts.Nobody, 0) : record.Client, told: null, listener, place.Admission, ended);

    /// <summary>By the address that the connection came from, after PROXY: whom XCLIENT has named gains nothing by it, and loses nothing.</summary>
    public bool MayXclient => !_isNobody && _isTrusted;

    /// <summary>The address that may be in a relay network; null when a proxy speaks for somebody and does not say for whom.</summary>
    public IPAddress? RelaysAs => _isNobody ? null : record.Client.Address;

    /// <summary>It is a user or in a relay network, wherever it may send to: neither the policy nor the bounds for strangers are for it.</summary>
    public bool IsOwn => record.User is not null || (RelaysAs is { } address && listener.RelayControl.NetworkOf(address) is not null);

    /// <summary>
    /// Why no policy judges the client: it is a user or in a relay network, and no server that delivers from elsewhere. Nobody asks for
    /// the reverse DNS of a laptop or a copier. Null for a stranger.
    /// </summary>
    public Finding? Exemption => record.User is { } user ? Ours("authenticated", $"authenticated as {SafeText.Of(user, UserFile.MaxName)}")
        : RelaysAs is { } address && listener.RelayControl.NetworkOf(address) is { } network
            ? Ours("relay-network", $"{address} is in the relay network {network}")
            : null;

    /// <summary>A trusted proxy says, by XCLIENT, who the client is: what was known of anybody else is forgotten.</summary>
    public void Become(XclientAttributes attributes)
    {
        (_claimed ??= new()).Add(attributes);
        record.Claimed("XCLIENT", _claimed.Client(record.Client), _claimed.Destination(record.Listener));
        ForgetLogin();
        var address = record.Client.Address;
        place.CountFor(address);
        Facts = FactsAbout(record.Client, _claimed.FactsAbout(address), listener, place.Admission, _claimed.Ask(ended));
        Introduced(_claimed.Helo);
    }

    /// <summary>HELO, or null: it has to say it again.</summary>
    public void Introduced(Helo? helo)
    {
        record.Helo = helo;
        Facts.Helo = helo;
    }

    /// <summary>Who authenticated here was somebody else, or said so before TLS: what stays is whom a trusted proxy has named.</summary>
    public void ForgetLogin() => record.User = _claimed?.User;

    private static Finding Ours(string by, string reason) => new(by, CheckMode.Enforce, Outcome.Accept(reason));

    private static bool IsNobody(InboundListener listener, SessionRecord record) => listener.IsProxied && record.ClaimedBy is null;

    private static PolicyFacts FactsAbout(
        IPEndPoint client, ClientFacts? told, InboundListener listener, Admission admission, CancellationToken ended)
    {
        // Whom no check will judge costs no query.
        var isUnasked = admission != Admission.Granted || (told is null
            && (listener.RelayControl.NetworkOf(client.Address) is not null || listener.Engine.Exemptions.ByAddress(client.Address) is not null));
        var facts = isUnasked ? PolicyFacts.Unasked(client.Address, listener.Sources, ended)
            : told is not null ? new(client.Address, Task.FromResult(told), listener.Sources, ended)
            : PolicyFacts.Start(client.Address, listener.Sources, ended);
        facts.Port = client.Port == 0 ? null : client.Port;
        return facts;
    }
}
