using System.Net;
using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// What a trusted proxy has said by XCLIENT, one command after the other: what a command does not name stays as it was, but names
/// and a user belong to the address with which, or after which, they were given.
/// </summary>
internal sealed class ClaimedClient
{
    private XclientAttributes _said = new();
    private CancellationTokenSource? _asking;

    public void Add(XclientAttributes said) => _said = said with
    {
        Name = said.Name ?? (said.Address is null ? _said.Name : null),
        ReverseName = said.ReverseName ?? (said.Address is null ? _said.ReverseName : null),
        Login = said.Login ?? (said.Address is null ? _said.Login : null),
        Helo = said.Helo ?? _said.Helo,
        Protocol = said.Protocol ?? _said.Protocol,
    };

    /// <summary>
    /// For look-ups about the client as it is named now: those about the one before it end, so that XCLIENT without end does not have
    /// as many under way.
    /// </summary>
    public CancellationToken Ask(CancellationToken ended)
    {
        // Disposed, too: a source that is only cancelled stays registered with the connection's token, one more for each XCLIENT.
        _asking?.Cancel();
        _asking?.Dispose();
        _asking = CancellationTokenSource.CreateLinkedTokenSource(ended);
        return _asking.Token;
    }

    /// <summary>How the client introduced itself to the proxy; it will say so again.</summary>
    public Helo? Helo => _said.Helo is { } helo && helo.TryGet(out var name)
        ? new(name, _said.Protocol is not { Value: XclientProtocol.Smtp, IsGiven: true })
        : null;

    /// <summary>Whom the proxy has authenticated.</summary>
    public string? User => _said.Login is { } login && login.TryGet(out var user) ? user : null;

    /// <summary>Where the client comes from, given what was known before.</summary>
    public IPEndPoint Client(IPEndPoint before) => Endpoint(_said.Address, _said.Port, before)!;

    /// <summary>Where the client connected to, given what was known before.</summary>
    public EndPoint? Destination(EndPoint? before) => Endpoint(_said.DestinationAddress, _said.DestinationPort, before as IPEndPoint) ?? before;

    /// <summary>What the proxy says of the names; null when it leaves it to us to ask the DNS.</summary>
    public ClientFacts? FactsAbout(IPAddress address)
    {
        if (_said is { Name: null, ReverseName: null })
            return null;
        if (IsTemporary(_said.Name) || IsTemporary(_said.ReverseName))
            return Facts(address, IprevStatus.TempError, [], $"the proxy could not look up {address}, because the DNS did not answer it");
        if (Named(_said.Name) is { } name)
            return Facts(address, IprevStatus.Pass, [new(name, null, IsConfirmed: true)], $"the proxy confirmed that {address} is {name}");
        return Named(_said.ReverseName) is { } reverse
            ? Facts(address, IprevStatus.Fail, [new(reverse, null, IsConfirmed: false)], $"the proxy found that {reverse}, the PTR name of {address}, does not lead back")
            : Facts(address, IprevStatus.PermError, [], $"the proxy found no PTR record of {address}");
    }

    private static IPEndPoint? Endpoint(XclientValue<IPAddress>? address, XclientValue<int>? port, IPEndPoint? before)
    {
        // Whatever port was known belongs to the address that was known.
        var number = port is { } given ? given.TryGet(out var known) ? known : 0 : address is null ? before?.Port ?? 0 : 0;
        if (address is null)
            return before is null ? null : new(before.Address, number);
        return new(address.Value.TryGet(out var there) ? there : PolicyFacts.Nobody, number);
    }

    private static bool IsTemporary(XclientValue<string>? name) => name?.Standing == XclientStanding.TemporarilyUnavailable;

    private static DomainName? Named(XclientValue<string>? name) =>
        name is { } given && given.TryGet(out var text) && DomainName.TryParse(text, out var domain) ? domain : null;

    private static ClientFacts Facts(IPAddress address, IprevStatus status, IReadOnlyList<PtrName> names, string detail) =>
        new(address, status, names, detail, [], TimeSpan.Zero);
}
