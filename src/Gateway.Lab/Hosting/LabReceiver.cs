using System.Net;

namespace Gateway.Lab.Hosting;

/// <summary>
/// A receiver of the articles. In the lab's DNS, the MX record of its domain leads to a host, and the host has its own address on
/// loopback. A listener on this address answers as that receiver.
/// </summary>
/// <param name="Domain">The domain whose mail it accepts.</param>
/// <param name="Host">The host in the MX record, which is also the name of the listener.</param>
/// <param name="Profile">The profile of the listener.</param>
/// <param name="Number">The last octet of its address.</param>
public sealed record LabReceiver(string Domain, string Host, string Profile, byte Number)
{
    /// <summary>Whether anonymous access is off, so that only users may send.</summary>
    public bool RequiresAuthentication { get; init; }

    /// <summary>The address; the zones in config/lab/zones have the same.</summary>
    public IPAddress Address => new([127, 0, 2, Number]);

    /// <summary>First the domains that KB300171 names, then the receiving domains of its examples.</summary>
    public static IReadOnlyList<LabReceiver> All { get; } =
    [
        new("aol.com", "rly-ya06.mx.aol.com", "aol-2006", 1),
        new("qwest.net", "mx.qwest.net", "qwest", 2),
        new("mindspring.com", "mx.mindspring.com", "mindspring", 3),
        new("earthlink.net", "mx.earthlink.net", "earthlink", 4),
        new("hotmail.com", "mx1.hotmail.com", "hotmail", 5),
        new("outlook.com", "outlook-com.olc.protection.outlook.com", "outlook", 6),
        new("destination.com", "server.destination.com", "kb300171", 7),
        new("destinationdomain.com", "mail.destination.com", "postfix", 8),
        new("closed.destination.com", "closed.destination.com", "exchange-2003", 9) { RequiresAuthentication = true },
    ];
}

/// <summary>The endpoint of a receiver of the articles.</summary>
/// <param name="Receiver">The receiver.</param>
/// <param name="Endpoint">Its endpoint; all have the same port, unless it was in use.</param>
public sealed record LabReceiverPlace(LabReceiver Receiver, IPEndPoint Endpoint);
