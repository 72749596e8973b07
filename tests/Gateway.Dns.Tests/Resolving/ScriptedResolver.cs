namespace Gateway.Dns.Tests;

/// <summary>A resolver that says what a test says, and counts.</summary>
internal sealed class ScriptedResolver(Func<DnsQuestion, Task<DnsAnswer>> answer) : IDnsResolver
{
    private int _questions;

    public ScriptedResolver(Func<DnsQuestion, DnsAnswer> answer)
        : this(question => Task.FromResult(answer(question)))
    {
    }

    public int Questions => Volatile.Read(ref _questions);

    public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _questions);
        Assert.False(cancellationToken.CanBeCanceled);
        return new(answer(question));
    }

    public static DnsAnswer Found(DnsQuestion question, TimeSpan ttl) =>
        new(question, DnsStatus.Found, [new PtrRecord(question.Name, ttl, DomainName.Parse("mail.example.com"))], [], ttl);
}
