namespace Gateway.Dns;

/// <summary>
/// A name, perhaps for one type only, and how it misbehaves. A first label <c>*</c> means every name below, whether it
/// exists or not (and so unlike the wildcards of RFC 4592).
/// </summary>
public sealed record FaultRule(DomainName Name, RecordType? Type, Fault Fault);
