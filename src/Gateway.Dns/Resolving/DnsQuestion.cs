namespace Gateway.Dns;

/// <summary>What is asked of class IN (RFC 1035 §4.1.2).</summary>
public readonly record struct DnsQuestion(DomainName Name, RecordType Type)
{
    public override string ToString() => $"{Name} {RecordTypes.Write(Type)}";
}
