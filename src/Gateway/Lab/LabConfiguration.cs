using System.Globalization;
using System.Net;
using System.Text.Json;
using Gateway.Configuration;

namespace Gateway.Lab;

/// <summary>The configuration of the lab's gateway, in the words that every gateway is configured in.</summary>
internal static class LabConfiguration
{
    /// <summary>
    /// The first listener looks at the recipient's domain; then there is one for each of <see cref="LabPlaces.ProfileNames"/>; the
    /// last one stands behind a proxy.
    /// </summary>
    public static GatewayOptions Of(IPEndPoint first, IPEndPoint dns, IPEndPoint smartHost, LabCertificate certificate, LabUsers users)
    {
        var keys = new Dictionary<string, string>
        {
            ["HostName"] = LabPlaces.HostName,
            ["Dns:Servers:0"] = dns.ToString(),
            // The lab's clients are on loopback, and are to be judged.
            ["Policy:ExemptPrivate"] = "false",
            ["Relay:AcceptedDomains:0"] = LabPlaces.Domain,
            ["Relay:AcceptedDomains:1"] = "." + LabPlaces.RecipientDomain,
            // The receiver of KB300171, so that its conversations play here too.
            ["Relay:AcceptedDomains:2"] = "destinationdomain.com",
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
        return ConfigurationLoader.FromJson(JsonSerializer.Serialize(keys));
    }

    private static void AddListener(Dictionary<string, string> keys, int number, IPEndPoint first, string profile)
    {
        var port = first.Port == 0 || first.Port + number > IPEndPoint.MaxPort ? 0 : first.Port + number;
        keys[$"Listeners:{number}:Endpoint"] = FreePort.For(new(first.Address, port)).ToString();
        keys[$"Listeners:{number}:Profile"] = profile;
    }
}
