using System.Collections.Concurrent;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Server.Hosting;

namespace Gateway.Server.Tests.Hosting;

public sealed class ResolverOutagesTests : IDisposable
{
    private static readonly DomainName Own = DomainName.Parse("mx.example.com");
    private static readonly DnsQuestion Question = new(DomainName.Parse("client.example.net"), RecordType.A);

    private readonly LogLines _log = new();
    private readonly StagedTime _time = new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Servers _servers = new();
    private readonly ResolverOutages _outages;

    public ResolverOutagesTests() => _outages = new(_servers, Own, "192.0.2.53:53", () => _log, _time);

    [Fact]
    public async Task An_outage_is_one_warning_and_its_end_is_one_line()
    {
        _servers.Status = static _ => DnsStatus.TimedOut;
        for (var i = 0; i < 20; i++)
            await _outages.ResolveAsync(Question, default);
        await ElapseUntilAsync(() => _log.Written.Count == 1);
        Assert.Equal(
            "Warning the DNS servers 192.0.2.53:53 do not answer: 192.0.2.53:53 did not answer. Until they do, clients whose reverse DNS is needed get 451 and try again later",
            _log.Written[0]);
        await _outages.ResolveAsync(Question, default);
        Assert.Equal("192.0.2.53:53 did not answer", await _outages.CheckAsync());

        _servers.Status = static _ => DnsStatus.NoData;
        await ElapseUntilAsync(() => _log.Written.Count == 2);
        Assert.Equal("Information the DNS servers 192.0.2.53:53 answer again", _log.Written[1]);
        Assert.Null(await _outages.CheckAsync());
    }

    [Theory]
    [InlineData(DnsStatus.TimedOut)]
    [InlineData(DnsStatus.ServerFailure)]
    [InlineData(DnsStatus.Refused)]
    [InlineData(DnsStatus.Malformed)]
    public async Task That_one_name_cannot_be_looked_up_is_no_outage_and_asks_little(DnsStatus status)
    {
        _servers.Status = question => question == Question ? status : DnsStatus.NameError;
        for (var i = 0; i < 30; i++)
            await _outages.ResolveAsync(Question, default);
        await ElapseUntilAsync(() => _servers.OwnQuestions >= 1);
        // No more than one question of each kind for all of them.
        Assert.InRange(_servers.OwnQuestions, 1, 2);
        Assert.Null(await _outages.CheckAsync());
        Assert.Empty(_log.Written);
    }

    [Fact]
    public async Task One_miss_of_our_own_is_no_outage()
    {
        _servers.Status = static _ => DnsStatus.TimedOut;
        await _outages.ResolveAsync(Question, default);
        await WaitUntilAsync(() => _servers.OwnQuestions >= 2);
        _servers.Status = static _ => DnsStatus.Found;
        await ElapseUntilAsync(() => _servers.OwnQuestions >= 3);
        Assert.Empty(_log.Written);
    }

    [Fact]
    public async Task One_answer_between_is_not_the_end_of_an_outage()
    {
        _servers.Status = static _ => DnsStatus.TimedOut;
        await _outages.ResolveAsync(Question, default);
        await ElapseUntilAsync(() => _log.Written.Count == 1);

        // Every other look finds an answer.
        var looks = 0;
        _servers.Status = question => question.Name == Own && Interlocked.Increment(ref looks) % 2 == 0 ? DnsStatus.Found : DnsStatus.TimedOut;
        await ElapseUntilAsync(() => Volatile.Read(ref looks) >= 12);

        Assert.Single(_log.Written);
    }

    [Fact]
    public async Task Servers_that_answer_us_from_memory_and_fail_at_everything_else_are_an_outage_too()
    {
        _servers.Status = static question => question.Name == Own ? DnsStatus.Found : DnsStatus.ServerFailure;
        _time.Advance(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 60; i++)
            await _outages.ResolveAsync(Question, default);
        await ElapseUntilAsync(async () =>
        {
            await _outages.ResolveAsync(Question, default);
            return _log.Written.Count == 1;
        });
        Assert.Contains("every query of the last 30 s failed, for example because ", _log.Written[0], StringComparison.Ordinal);

        _servers.Status = static _ => DnsStatus.Found;
        await ElapseUntilAsync(async () =>
        {
            await _outages.ResolveAsync(Question, default);
            return _log.Written.Count == 2;
        });
    }

    [Fact]
    public async Task Servers_that_are_asked_no_more_are_not_spoken_of()
    {
        _servers.Status = static _ => DnsStatus.TimedOut;
        await _outages.ResolveAsync(Question, default);
        await WaitUntilAsync(() => _servers.OwnQuestions >= 2);
        _outages.Retire();
        var asked = _servers.OwnQuestions;
        for (var i = 0; i < 10; i++)
            _time.Advance(ResolverOutages.Interval);
        Assert.Empty(_log.Written);
        Assert.Equal(asked, _servers.OwnQuestions);
    }

    [Fact]
    public async Task A_check_asks_nobody_while_others_are_answered()
    {
        await _outages.ResolveAsync(Question, default);
        Assert.Null(await _outages.CheckAsync());
        Assert.Equal(0, _servers.OwnQuestions);
        _time.Advance(ResolverOutages.Interval);
        Assert.Null(await _outages.CheckAsync());
        Assert.InRange(_servers.OwnQuestions, 1, 2);
    }

    private Task ElapseUntilAsync(Func<bool> condition) => ElapseUntilAsync(() => Task.FromResult(condition()));

    /// <summary>Lets time pass in steps until it is so: whoever waits for the clock may still be on the way there.</summary>
    private async Task ElapseUntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < 6000, "it did not come");
            if (_time.IsAwaitedWithin(ResolverOutages.Interval))
                _time.Advance(ResolverOutages.Interval);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 6000, "it did not come");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public void Dispose() => _log.Dispose();

    private sealed class Servers : IDnsResolver
    {
        private readonly ConcurrentQueue<DnsQuestion> _asked = [];

        public Func<DnsQuestion, DnsStatus> Status { get; set; } = static _ => DnsStatus.Found;

        public int OwnQuestions => _asked.Count(static question => question != Question);

        public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            _asked.Enqueue(question);
            return new(new DnsAnswer(question, Status(question), [], [], TimeSpan.Zero, "192.0.2.53:53 did not answer"));
        }
    }
}
