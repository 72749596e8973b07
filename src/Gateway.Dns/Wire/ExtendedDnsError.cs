namespace Gateway.Dns;

/// <summary>Why a server has no better answer (RFC 8914 §2). The text is the server's own and may hold anything.</summary>
public readonly record struct ExtendedDnsError(ushort InfoCode, string Text);
