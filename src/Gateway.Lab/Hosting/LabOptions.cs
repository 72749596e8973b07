using System.Net;

namespace Gateway.Lab.Hosting;

/// <summary>The options of the lab.</summary>
public sealed record LabOptions
{
    /// <summary>The default endpoint of the DNS server. If its port is in use, a free one replaces it.</summary>
    public static readonly IPEndPoint UsualDns = new(IPAddress.Loopback, 5300);

    /// <summary>The folder for captured messages. The lab creates it if it is missing.</summary>
    public string CaptureFolder { get; init; } = "captured";

    /// <summary>The address of the SMTP listeners: loopback, unless another machine must reach them.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of the first listener; the others use the ports after it. A port in use is replaced by a free one.</summary>
    public int Port { get; init; } = 2525;

    /// <summary>The endpoint of the DNS server, without replacement; null for <see cref="PreferredDns"/> or a free port.</summary>
    public IPEndPoint? Dns { get; init; }

    /// <summary>The endpoint of the DNS server if it is free and <see cref="Dns"/> is null.</summary>
    public IPEndPoint PreferredDns { get; init; } = UsualDns;

    /// <summary>A folder with more zone files, which replace built-in zones of the same name; null for none.</summary>
    public string? ZonesFolder { get; init; }

    /// <summary>The file that says how the smart host answers; null for config/lab/smarthost.txt.</summary>
    public string? SmartHostScript { get; init; }
}
