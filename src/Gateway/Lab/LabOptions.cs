namespace Gateway.Lab;

/// <summary>What may be chosen when the lab starts.</summary>
public sealed record LabOptions
{
    /// <summary>Where captured messages are written; made when it is missing.</summary>
    public string CaptureFolder { get; init; } = "captured";

    /// <summary>The port of the first listener; the next one has the next port. Taken ones are replaced by any free port.</summary>
    public int Port { get; init; } = 2525;

    /// <summary>The port of the lab's DNS; replaced in the same way.</summary>
    public int DnsPort { get; init; } = 5300;
}
