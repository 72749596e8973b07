using System.Globalization;
using System.Net;
using System.Text.Json;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Configuration;

namespace Gateway.Lab.Hosting;

/// <summary>The configuration of the lab's gateway, built from the same keys as any other.</summary>
internal static class LabConfiguration
{
    /// <summary>
    /// The first listener chooses the profile by the recipient's domain. Then come one listener for each of <see cref="LabPlaces.ProfileNames"/>,
    /// one behind a proxy, and one for each of the receivers.
    /// </summary>
    public static GatewayOptions Of(
        IPEndPoint first, IReadOnlyList<LabReceiver> receivers, IPEndPoint dns, IPEndPoint smartHost, LabCertificate certificate, LabUsers users)
    {
        var keys = new Dictionary<string, string>
        {
            ["HostName"] = LabPlaces.HostName,
            ["Dns:Servers:0"] = dns.ToString(),
            // The lab's clients are on loopback and must be judged, so private addresses are not exempt.
            ["Policy:ExemptPrivate"] = "false",
            ["Relay:AcceptedDomains:0"] = LabPlaces.Domain,
            ["Relay:AcceptedDomains:1"] = "." + LabPlaces.RecipientDomain,
            ["Relay:TrustedProxies:0"] = IPAddress.Loopback.ToString(),
            ["Relay:TrustedProxies:1"] = IPAddress.IPv6Loopback.ToString(),
            ["SmartHosts:0:Host"] = smartHost.Address.ToString(),
            ["SmartHosts:0:Port"] = smartHost.Port.ToString(CultureInfo.InvariantCulture),
            ["Tls:CertificateFile"] = certificate.CertificateFile,
            ["Tls:KeyFile"] = certificate.KeyFile,
            ["Users:File"] = users.File,
            ["Limits:StopTimeout"] = "00:00:05",
        };
        AddListener(keys, 0, first, LabPlaces.UsualProfile);
        keys["Listeners:0:RecipientProfiles"] = LabPlaces.RecipientDomain;
        for (var i = 0; i < LabPlaces.ProfileNames.Count; i++)
            AddListener(keys, i + 1, first, LabPlaces.ProfileNames[i].Name);
        var last = LabPlaces.ProfileNames.Count + 1;
        AddListener(keys, last, first, LabPlaces.UsualProfile);
        keys[$"Listeners:{last}:ProxyProtocol"] = "true";
        for (var i = 0; i < receivers.Count; i++)
            AddReceiver(keys, last + 1 + i, first, receivers[i]);
        // All listeners accept mail for these domains, so that the articles' conversations can be played on any of them.
        for (var i = 0; i < LabReceiver.All.Count; i++)
            keys[$"Relay:AcceptedDomains:{i + 2}"] = LabReceiver.All[i].Domain;
        return ConfigurationLoader.FromJson(JsonSerializer.Serialize(keys));
    }

    // Each receiver has its own address, so all can use the same port. A client that finds them by MX only needs to know this port.
    private static void AddReceiver(Dictionary<string, string> keys, int number, IPEndPoint first, LabReceiver receiver)
    {
        // A listener on all addresses occupies its port on each of them, so the receivers use a port after those.
        var port = first.Port == 0 || IPAddress.IsLoopback(first.Address) ? first.Port : first.Port + LabPlaces.ProfileNames.Count + 2;
        keys[$"Listeners:{number}:Endpoint"] = FreePort.For(new(receiver.Address, port > IPEndPoint.MaxPort ? 0 : port)).ToString();
        keys[$"Listeners:{number}:Profile"] = receiver.Profile;
        keys[$"Listeners:{number}:HostName"] = receiver.Host;
        keys[$"Listeners:{number}:RequireAuthentication"] = receiver.RequiresAuthentication ? "true" : "false";
    }

    private static void AddListener(Dictionary<string, string> keys, int number, IPEndPoint first, string profile)
    {
        var port = first.Port == 0 || first.Port + number > IPEndPoint.MaxPort ? 0 : first.Port + number;
        keys[$"Listeners:{number}:Endpoint"] = FreePort.For(new(first.Address, port)).ToString();
        keys[$"Listeners:{number}:Profile"] = profile;
    }
}
