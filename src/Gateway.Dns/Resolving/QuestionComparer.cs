namespace Gateway.Dns;

/// <summary>The equality of <see cref="DnsQuestion"/>, said directly: the hot path of the cache runs through it.</summary>
internal sealed class QuestionComparer : IEqualityComparer<DnsQuestion>
{
    public static QuestionComparer Instance { get; } = new();

    public bool Equals(DnsQuestion x, DnsQuestion y) => x.Type == y.Type && x.Name.Equals(y.Name);

    public int GetHashCode(DnsQuestion question) => question.Name.GetHashCode() ^ ((int)question.Type * -1640531535);
}
