using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Server.Delivery;
using Gateway.Server.Users;

namespace Gateway.Benchmarks;

/// <summary>What a recipient, a connection and a login cost when what there is to know is known.</summary>
[MemoryDiagnoser]
public class RecipientBenchmarks
{
    private static readonly IPAddress Client = IPAddress.Parse("198.51.100.10");

    private readonly RecipientAnswers _answers = new(TimeProvider.System);
    private readonly string _file = Path.GetTempFileName();
    private Authenticator _logins = null!;

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < 10_000; i++)
            _answers.Put(new($"user{i}", "example.com"), null, TimeSpan.FromHours(1), isKnown: true);
        File.WriteAllText(_file, $"ann:{PasswordHash.Of("secret"u8)}\n");
        _logins = new(_file, TimeProvider.System);
    }

    [GlobalCleanup]
    public void Cleanup() => File.Delete(_file);

    [Benchmark]
    public bool KnownRecipient() => _answers.TryGet(new("user5000", "Example.com"), out _);

    /// <summary>Seen before: the slow hash is not computed again.</summary>
    [Benchmark]
    public async Task<LoginResult> KnownLogin() =>
        (await _logins.LoginAsync(Client, new("PLAIN", "ann", Encoding.UTF8.GetBytes("secret")), CancellationToken.None)).Result;
}
