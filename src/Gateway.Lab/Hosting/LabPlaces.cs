using System.Net;
using Gateway.Server.Configuration;

namespace Gateway.Lab.Hosting;

/// <summary>A listener of the lab, and the receiver that it is.</summary>
/// <param name="Profile">Its name.</param>
/// <param name="IsReceiver">Whether it imitates somebody; else it is a policy of our own.</param>
/// <param name="Endpoint">Where it listens.</param>
public sealed record LabListener(string Profile, bool IsReceiver, IPEndPoint Endpoint);

/// <summary>What the lab is made of, and where each of it can be reached.</summary>
/// <param name="ByRecipient">Where the recipient's domain names the profile, below <see cref="RecipientDomain"/>.</param>
/// <param name="Proxied">Wants a PROXY header first; judges by <see cref="UsualProfile"/>.</param>
/// <param name="Profiles">One listener each.</param>
/// <param name="Dns">By UDP and TCP.</param>
/// <param name="SmartHost">Takes what the listeners accept.</param>
/// <param name="Folder">Where it writes the messages.</param>
public sealed record LabPlaces(
    IPEndPoint ByRecipient, IPEndPoint Proxied, IReadOnlyList<LabListener> Profiles, IPEndPoint Dns, IPEndPoint SmartHost, string Folder)
{
    /// <summary>The receivers of the articles, which the lab's DNS leads to by MX; those whose address this machine has.</summary>
    public IReadOnlyList<LabReceiverPlace> Receivers { get; init; } = [];

    public const string HostName = "mx.gateway.test";

    /// <summary>What the lab takes mail for, whoever sends it.</summary>
    public const string Domain = "gateway.test";

    /// <summary>Below it, a recipient's domain names a profile.</summary>
    public const string RecipientDomain = "strict.test";

    /// <summary>Who judges recipients that name none.</summary>
    public const string UsualProfile = "standard";

    // From the mildest to the strictest, as docs/profiles.md has them.
    private static readonly string[] Ours = ["observe", "ptr", "fcrdns", "standard", "strict"];

    /// <summary>The profiles that have a listener: ours, then the receivers by name.</summary>
    public static IReadOnlyList<(string Name, bool IsReceiver)> ProfileNames { get; } =
    [
        .. Ours.Select(name => (name, false)),
        .. ProfileLibrary.Load(null).Names.Except(Ours).Select(name => (name, true)),
    ];

    public IPEndPoint this[string profile] => Profiles.First(listener => listener.Profile == profile).Endpoint;
}
