namespace Gateway.Dns;

/// <summary>What the OPT record of a message says (RFC 6891 §6.1.3).</summary>
internal readonly record struct EdnsContent(
    ushort PayloadSize, byte UpperResponseCode, byte Version, IReadOnlyList<ExtendedDnsError> Errors);
