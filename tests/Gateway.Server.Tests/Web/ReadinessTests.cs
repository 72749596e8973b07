using Gateway.Lab.Conversations;
using Gateway.Server.Web;

namespace Gateway.Server.Tests.Web;

public sealed class ReadinessTests
{
    private readonly StagedTime _time = new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private int _looks;
    private Task<string?> _answer = Task.FromResult<string?>(null);

    [Fact]
    public async Task It_looks_once_however_often_it_is_asked_and_again_when_the_answer_is_old()
    {
        var readiness = Of();
        for (var i = 0; i < 100; i++)
            Assert.Null(Assert.Single(await readiness.LookAsync()).Trouble);
        Assert.Equal(1, _looks);

        _answer = Task.FromResult<string?>("it is down");
        _time.Advance(Readiness.Lifetime);
        Assert.Equal(new("server", "it is down"), Assert.Single(await readiness.LookAsync()));
        Assert.Equal(2, _looks);
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_not_ready_and_is_not_asked_a_second_time_meanwhile()
    {
        var readiness = Of();
        var late = new TaskCompletionSource<string?>();
        _answer = late.Task;
        for (var i = 0; i < 3; i++)
        {
            var look = readiness.LookAsync();
            // The check begins on another thread: time must not pass before it has begun.
            while (Volatile.Read(ref _looks) == 0)
                await Task.Yield();
            while (!look.IsCompleted)
            {
                if (_time.IsAwaitedWithin(Readiness.Patience))
                    _time.Advance(Readiness.Patience);
                await Task.Yield();
            }
            Assert.Equal(new("server", "no answer within 5 s"), Assert.Single(await look));
            _time.Advance(Readiness.Lifetime);
        }
        Assert.Equal(1, _looks);

        late.SetResult(null);
        _answer = Task.FromResult<string?>(null);
        Assert.Null(Assert.Single(await readiness.LookAsync()).Trouble);
    }

    private Readiness Of() => new(() => [new("server", () =>
    {
        Interlocked.Increment(ref _looks);
        return _answer;
    })], _time);
}
