using System.Net;
using BenchmarkDotNet.Attributes;
using Gateway.Dns;

namespace Gateway.Benchmarks;

/// <summary>What every look-up costs, beside the network: the codec, the names, a cache hit.</summary>
[MemoryDiagnoser]
public class DnsBenchmarks
{
    private static readonly DomainName Name = DomainName.Parse("mail.example.com");
    private static readonly DnsQuestion Question = new(ReverseName.Of(IPAddress.Parse("192.0.2.10")), RecordType.Ptr);

    private readonly byte[] _buffer = new byte[1232];
    private readonly DnsMessage _message = new()
    {
        Id = 4711,
        IsResponse = true,
        Question = Question,
        Answers = [new PtrRecord(Question.Name, TimeSpan.FromHours(1), Name)],
        EdnsPayloadSize = 1232,
    };

    private int _length;
    private CachingResolver _cache = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _length = DnsMessageWriter.Write(_message, _buffer, out _);
        var answer = new DnsAnswer(Question, DnsStatus.Found, _message.Answers, [], TimeSpan.FromHours(1));
        _cache = new(new Fixed(answer), new(), TimeProvider.System);
        await _cache.ResolveAsync(Question, CancellationToken.None);
    }

    [Benchmark]
    public DnsMessage? ReadMessage() => DnsMessageReader.TryRead(_buffer.AsSpan(0, _length), out var message, out _) ? message : null;

    [Benchmark]
    public int WriteMessage() => DnsMessageWriter.Write(_message, _buffer, out _);

    [Benchmark]
    public DomainName ReverseNameOf() => ReverseName.Of(IPAddress.Loopback);

    [Benchmark]
    public ValueTask<DnsAnswer> CacheHit() => _cache.ResolveAsync(Question, CancellationToken.None);

    private sealed class Fixed(DnsAnswer answer) : IDnsResolver
    {
        public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) => new(answer);
    }
}
