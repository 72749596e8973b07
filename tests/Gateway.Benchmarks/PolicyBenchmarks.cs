using System.Net;
using BenchmarkDotNet.Attributes;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Server.Configuration;

namespace Gateway.Benchmarks;

/// <summary>One client judged at RCPT, from accept on, when the DNS answers come from the cache.</summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private static readonly ReplyContext Context = new("mx.example.com", "0123456789ABC");

    private FactSources _sources = null!;
    private PolicyEngine _engine = null!;

    [Params("198.51.100.10", "198.51.100.20")]
    public string Client { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var good = DomainName.Parse("mail.example.org");
        var resolver = new CachingResolver(new Answers(good), new(), TimeProvider.System);
        _sources = new(resolver, new(), TimeProvider.System);
        _engine = new(ProfileLibrary.Load(null).Find("standard")!, new());
    }

    [Benchmark]
    public async Task<Verdict> Judge()
    {
        var facts = PolicyFacts.Start(IPAddress.Parse(Client), _sources, CancellationToken.None);
        facts.Helo = new("mail.example.org", IsExtended: true);
        facts.Sender = new(new("ann", "example.org"));
        facts.Recipient = new(new("bob", "example.com"));
        return await _engine.JudgeAsync(Stage.Recipient, facts, Context, CancellationToken.None);
    }

    private sealed class Answers(DomainName good) : IDnsResolver
    {
        public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            var hour = TimeSpan.FromHours(1);
            ResourceRecord? record = question.Type switch
            {
                RecordType.Ptr when question.Name.ToString().StartsWith("10.", StringComparison.Ordinal) => new PtrRecord(question.Name, hour, good),
                RecordType.A => new AddressRecord(question.Name, hour, IPAddress.Parse("198.51.100.10")),
                RecordType.Mx => new MxRecord(question.Name, hour, 10, good),
                _ => null,
            };
            return new(record is null
                ? new DnsAnswer(question, DnsStatus.NameError, [], [], hour)
                : new DnsAnswer(question, DnsStatus.Found, [record], [], hour));
        }
    }
}
