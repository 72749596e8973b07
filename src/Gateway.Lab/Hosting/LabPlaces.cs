using System.Net;
using Gateway.Server.Configuration;

namespace Gateway.Lab.Hosting;

/// <summary>A listener of the lab and its profile.</summary>
/// <param name="Profile">The name of the profile.</param>
/// <param name="IsReceiver">Whether the profile imitates a receiver; if not, it is one of Gateway's own policies.</param>
/// <param name="Endpoint">The endpoint of the listener.</param>
public sealed record LabListener(string Profile, bool IsReceiver, IPEndPoint Endpoint);

/// <summary>The parts of the lab, and the endpoint of each.</summary>
/// <param name="ByRecipient">The listener where the recipient's domain names the profile, below <see cref="RecipientDomain"/>.</param>
/// <param name="Proxied">The listener that requires a PROXY header, with the profile <see cref="UsualProfile"/>.</param>
/// <param name="Profiles">One listener for each profile.</param>
/// <param name="Dns">The DNS server, over UDP and TCP.</param>
/// <param name="SmartHost">The smart host, which gets the accepted messages.</param>
/// <param name="Folder">The folder to which the smart host writes the messages.</param>
public sealed record LabPlaces(
    IPEndPoint ByRecipient, IPEndPoint Proxied, IReadOnlyList<LabListener> Profiles, IPEndPoint Dns, IPEndPoint SmartHost, string Folder)
{
    /// <summary>The receivers of the articles to which the lab's MX records lead, if this machine has their addresses.</summary>
    public IReadOnlyList<LabReceiverPlace> Receivers { get; init; } = [];

    public const string HostName = "mx.gateway.test";

    /// <summary>The domain whose mail the lab accepts.</summary>
    public const string Domain = "gateway.test";

    /// <summary>The parent domain of recipients that name a profile.</summary>
    public const string RecipientDomain = "strict.test";

    /// <summary>The profile for recipients that name none.</summary>
    public const string UsualProfile = "standard";

    // From the mildest to the strictest, in the order of docs/profiles.md.
    private static readonly string[] Ours = ["observe", "ptr", "fcrdns", "standard", "strict"];

    /// <summary>The profiles with a listener: first Gateway's own policies, then the receivers by name.</summary>
    public static IReadOnlyList<(string Name, bool IsReceiver)> ProfileNames { get; } =
    [
        .. Ours.Select(name => (name, false)),
        .. ProfileLibrary.Load(null).Names.Except(Ours).Select(name => (name, true)),
    ];

    public IPEndPoint this[string profile] => Profiles.First(listener => listener.Profile == profile).Endpoint;
}
