namespace Gateway.Dns.Tests;

/// <summary>The question that most tests of the resolver ask, and its answer.</summary>
internal static class PointerQuestion
{
    public static readonly DomainName Reverse = DomainName.Parse("25.2.0.192.in-addr.arpa");
    public static readonly DnsQuestion Question = new(Reverse, RecordType.Ptr);
    public static readonly PtrRecord Pointer = new(Reverse, TimeSpan.FromSeconds(300), DomainName.Parse("mail.example.com"));

    /// <summary>Long enough for the slowest machine: a test that needs it has failed.</summary>
    public static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);

    public static async Task<DnsAnswer> AskAsync(StubResolver resolver) => await resolver.ResolveAsync(Question, CancellationToken.None);
}
