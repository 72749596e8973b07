using Gateway.Server.Inbound;

namespace Gateway.Server.Tests.Inbound;

public sealed class BacklogTests
{
    [Fact]
    public void An_item_too_many_or_an_octet_too_many_is_refused_and_room_that_was_taken_is_room_again()
    {
        var backlog = new Backlog<string>(maxItems: 2, maxOctets: 10);
        Assert.True(backlog.TryAdd("a", 4));
        Assert.False(backlog.TryAdd("too large", 7));
        Assert.True(backlog.TryAdd("b", 6));
        Assert.False(backlog.TryAdd("one too many", 0));

        Assert.True(backlog.TryTake(out var first));
        Assert.Equal("a", first);
        Assert.True(backlog.TryAdd("c", 4));
        Assert.Equal(2, backlog.Count);
    }

    [Fact]
    public async Task The_reader_gets_everything_that_came_before_the_end_and_then_hears_that_nothing_follows()
    {
        const int Writers = 4, Each = 1000;
        var backlog = new Backlog<int>(Writers * Each, long.MaxValue);
        var reading = Task.Factory.StartNew(
            () =>
            {
                var sum = 0;
                while (backlog.Wait())
                    while (backlog.TryTake(out var number))
                        sum += number;
                return sum;
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                Assert.True(backlog.TryAdd(1, 1));
        })));
        backlog.Complete();

        Assert.Equal(Writers * Each, await reading.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.False(backlog.TryAdd(1, 1));
        Assert.False(await backlog.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reader_that_gave_up_waiting_is_not_missed()
    {
        var backlog = new Backlog<string>(2, 10);
        using var stop = new CancellationTokenSource();
        var waiting = backlog.WaitAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.True(backlog.TryAdd("a", 1));
        Assert.True(backlog.TryTake(out _));
        var again = backlog.WaitAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(again.IsCompleted);
        Assert.True(backlog.TryAdd("b", 1));
        Assert.True(await again.WaitAsync(TimeSpan.FromMinutes(1)));
    }
}
