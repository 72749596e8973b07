using Gateway.Lab.Conversations;

namespace Gateway.Lab.Tests.Conversations;

public sealed class StagedTimeTests
{
    private static readonly DateTimeOffset Start = new(2006, 3, 6, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Timers_ring_in_order_each_at_its_own_time()
    {
        var time = new StagedTime(Start);
        var rung = new List<(string Name, TimeSpan At)>();
        using var late = time.CreateTimer(_ => rung.Add(("late", time.GetUtcNow() - Start)), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var often = time.CreateTimer(_ => rung.Add(("often", time.GetUtcNow() - Start)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(
            [("often", TimeSpan.FromSeconds(2)), ("late", TimeSpan.FromSeconds(3)), ("often", TimeSpan.FromSeconds(4))], rung);
        Assert.Equal(Start.AddSeconds(5), time.GetUtcNow());
    }

    [Fact]
    public void A_timer_that_rings_again_and_again_is_nobody_who_waits()
    {
        var time = new StagedTime(Start);
        using var often = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        Assert.False(time.IsAwaitedWithin(TimeSpan.FromSeconds(5)));

        using var once = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        Assert.True(time.IsAwaitedWithin(TimeSpan.FromSeconds(5)));
        Assert.False(time.IsAwaitedWithin(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public void A_timer_that_was_changed_or_disposed_does_not_ring()
    {
        var time = new StagedTime(Start);
        var rung = 0;
        var disposed = time.CreateTimer(_ => rung++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var changed = time.CreateTimer(_ => rung++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        changed.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, rung);
    }
}
