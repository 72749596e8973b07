using System.Net;
using BenchmarkDotNet.Attributes;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Server.Journal.Statistics;
using Gateway.Smtp;

namespace Gateway.Benchmarks;

/// <summary>What a session costs the journal: its description, its place in a batch; and what a week of a million costs to count.</summary>
[MemoryDiagnoser]
public class JournalBenchmarks
{
    private const int Batch = 500;
    private const int Week = 1_000_000;

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-journal-");
    private JournalDatabase _database = null!;
    private JournalReader _week = null!;
    private int _written;

    [GlobalSetup(Target = nameof(Write))]
    public void Open() => _database = JournalDatabase.Open(Options("journal.db"));

    [GlobalSetup(Targets = [nameof(CountWeek), nameof(CountWeekInHindsight), nameof(FindOne)])]
    public void FillWeek()
    {
        using (var database = JournalDatabase.Open(Options("week.db")))
            for (var i = 0; i < Week; i += Batch)
                database.Write([.. Enumerable.Range(i, Batch).Select(number => new SessionRow(Session(number, number * 7.0 * 86_400 / Week)))]);
        _week = JournalReader.Open(Options("week.db").File);
    }

    private JournalOptions Options(string file) => new(Path.Combine(_folder.FullName, file), TimeSpan.FromDays(3650), 1L << 40);

    [Benchmark]
    public object Describe() => new SessionRow(Session(1, 0));

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Write()
    {
        _database.Write([.. Enumerable.Range(_written, Batch).Select(number => new SessionRow(Session(number, number / 100.0)))]);
        _written += Batch;
    }

    [Benchmark]
    public object CountWeek() => StatisticsQuery.Run(_week, Start, Start.AddDays(7), null, 10);

    [Benchmark]
    public object CountWeekInHindsight() => StatisticsQuery.Run(_week, Start, Start.AddDays(7), ProfileLibrary.Load(null).Find("strict"), 10);

    [Benchmark]
    public object? FindOne() => _week.Find(IdOf(Week / 2, 7.0 * 86_400 / 2));

    private static string IdOf(int number, double seconds) => new SessionIds(new At(Start.AddSeconds(seconds)), number - 1).Next();

    /// <summary>Every second one has something against it; clients and domains repeat as in real mail: few often, many seldom.</summary>
    private static SessionRecord Session(int number, double seconds)
    {
        var chance = new Random(number);
        var who = (int)(Math.Pow(chance.NextDouble(), 3) * 200_000);
        var address = new IPAddress([198, (byte)(18 + (who >> 16)), (byte)(who >> 8), (byte)who]);
        var isGood = chance.Next(2) == 0;
        var facts = Facts(address, DomainName.Parse($"host{who}.example.org"), isGood);
        var history = new SessionHistory("observe");
        var sender = new ReversePath(new("ann", $"domain{(int)(Math.Pow(chance.NextDouble(), 3) * 50_000)}.example"));
        history.Began(1, sender, TimeSpan.FromMilliseconds(12));
        history.Answered(Verb.Mail, default);
        history.Judged(new(Decision.Continue, null, null, Findings(facts, isGood, chance.Next(5) == 0)));
        history.Message(new(sender, [new(new("bob", "gateway.test"))], default), 1234, new(
            new(250, 6, 0, "queued as 4711"), new(IPAddress.Loopback, 2525), 1, false, TimeSpan.FromMilliseconds(7), null));
        var client = new IPEndPoint(address, 40_000);
        return new(history)
        {
            Id = IdOf(number, seconds),
            Started = Start.AddSeconds(seconds),
            Peer = client,
            Client = client,
            Listener = new IPEndPoint(IPAddress.Loopback, 25),
            Facts = facts,
            Trail = facts.Trail,
            Helo = new($"host{who}.example.org", IsExtended: true),
        };
    }

    private static Finding[] Findings(ClientFacts facts, bool isGood, bool isBadHelo) =>
    [
        new("require-ptr", CheckMode.Monitor, Outcome.Continue(facts.Detail)),
        new("require-valid-ptr", CheckMode.Monitor, Outcome.Continue(facts.Detail)),
        new("require-fcrdns", CheckMode.Monitor, isGood ? Outcome.Continue(facts.Detail) : Outcome.Reject("rdns-mismatch", facts.Detail)),
        new("require-helo-fqdn", CheckMode.Monitor, isBadHelo ? Outcome.Reject("helo-badname", "the HELO name has one label") : Outcome.Continue("a full name")),
        new("require-sender-domain", CheckMode.Monitor, Outcome.Continue("the domain has an MX record")),
    ];

    private static ClientFacts Facts(IPAddress address, DomainName name, bool isGood)
    {
        var hour = TimeSpan.FromHours(1);
        var (reverse, forward) = (new DnsQuestion(ReverseName.Of(address), RecordType.Ptr), new DnsQuestion(name, RecordType.A));
        var ptr = new DnsAnswer(reverse, DnsStatus.Found, [new PtrRecord(reverse.Name, hour, name)], [], hour);
        var a = new DnsAnswer(forward, DnsStatus.Found, [new AddressRecord(name, hour, isGood ? address : IPAddress.Loopback)], [], hour);
        return new(
            address, isGood ? IprevStatus.Pass : IprevStatus.Fail, [new(name, a, isGood)], $"PTR of {address} names {name}",
            [new(ptr, TimeSpan.FromMilliseconds(3)), new(a, TimeSpan.FromMilliseconds(4))], TimeSpan.FromMilliseconds(8));
    }

    [GlobalCleanup]
    public void Close()
    {
        _database?.Dispose();
        _week?.Dispose();
        _folder.Delete(recursive: true);
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
