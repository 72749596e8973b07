using System.Net;

namespace Gateway.Lab.Hosting;

/// <summary>
/// A receiver of the articles, as the lab's DNS knows it: the MX record of its domain leads to a host, the host to an address of its own on
/// loopback, and there a listener answers as that receiver.
/// </summary>
/// <param name="Domain">What it takes mail for.</param>
/// <param name="Host">What the MX record names, and what the listener calls itself.</param>
/// <param name="Profile">How it behaves.</param>
/// <param name="Number">The last octet of its address.</param>
public sealed record LabReceiver(string Domain, string Host, string Profile, byte Number)
{
    /// <summary>Anonymous access is off: only users may send.</summary>
    public bool RequiresAuthentication { get; init; }

    /// <summary>config/lab/zones has the same.</summary>
    public IPAddress Address => new([127, 0, 2, Number]);

    /// <summary>The domains that KB300171 names, then those that receive in its examples.</summary>
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

/// <summary>Where a receiver of the articles listens.</summary>
/// <param name="Receiver">Which.</param>
/// <param name="Endpoint">Its address; all have the same port, unless it was taken.</param>
public sealed record LabReceiverPlace(LabReceiver Receiver, IPEndPoint Endpoint);
