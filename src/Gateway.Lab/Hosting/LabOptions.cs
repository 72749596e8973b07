using System.Net;

namespace Gateway.Lab.Hosting;

/// <summary>What may be chosen when the lab starts.</summary>
public sealed record LabOptions
{
    /// <summary>Where the DNS serves when nobody says where: there, a port that is taken is replaced by a free one.</summary>
    public static readonly IPEndPoint UsualDns = new(IPAddress.Loopback, 5300);

    /// <summary>Where captured messages are written; made when it is missing.</summary>
    public string CaptureFolder { get; init; } = "captured";

    /// <summary>Where the SMTP listeners listen: loopback, unless a machine under test is to reach them from outside.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of the first listener; the others have the next ones. Taken ones are replaced by any free port.</summary>
    public int Port { get; init; } = 2525;

    /// <summary>Where the lab's DNS serves, and nowhere else; null: <see cref="PreferredDns"/>, or a free port.</summary>
    public IPEndPoint? Dns { get; init; }

    /// <summary>Where the lab's DNS serves when that is free, and <see cref="Dns"/> is not given.</summary>
    public IPEndPoint PreferredDns { get; init; } = UsualDns;

    /// <summary>Zone files beside the lab's own; a zone of the same name takes its place. Null: only the lab's own.</summary>
    public string? ZonesFolder { get; init; }

    /// <summary>How the smart host answers; null: as config/lab/smarthost.txt says.</summary>
    public string? SmartHostScript { get; init; }
}
