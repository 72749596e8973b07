namespace Gateway.Smtp;

/// <summary>How the client introduced itself (RFC 5321 §4.1.1.1).</summary>
/// <param name="Name">A domain or an address literal, as written; hostile until escaped.</param>
/// <param name="IsExtended">EHLO, not HELO.</param>
public readonly record struct Helo(string Name, bool IsExtended);
