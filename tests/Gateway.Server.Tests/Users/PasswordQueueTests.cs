using System.Net;
using Gateway.Lab.Conversations;
using Gateway.Server.Users;
using Gateway.Tests;
using static Gateway.Tests.UsersFolder;

namespace Gateway.Server.Tests.Users;

public sealed class PasswordQueueTests
{
    private static readonly IPAddress Busy = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");

    [Fact]
    public async Task A_client_gets_its_share_of_the_desk_and_no_more()
    {
        using var gate = new ManualResetEventSlim();
        var queue = new PasswordQueue(threads: 2, capacity: 8);
        var accepted = Enumerable.Range(0, 5).Select(i => queue.TryAsk(Busy, () =>
        {
            gate.Wait();
            return i;
        })).ToList();
        Assert.Equal(2, accepted.Count(answer => answer is not null));
        var other = queue.TryAsk(Other, () => 42);
        Assert.NotNull(other);
        gate.Set();
        Assert.Equal(42, await other);
        var answers = await Task.WhenAll(accepted.OfType<Task<int>>());
        Assert.Equal(new[] { 0, 1 }, answers);
        Assert.Equal(7, await queue.TryAsk(Busy, () => 7)!);
    }

    [Fact]
    public async Task A_desk_that_is_full_says_so_and_what_is_thrown_is_thrown_to_who_asked()
    {
        using var gate = new ManualResetEventSlim();
        var queue = new PasswordQueue(threads: 1, capacity: 4);
        var begun = new TaskCompletionSource();
        var first = queue.TryAsk(IPAddress.Loopback, () =>
        {
            begun.SetResult();
            gate.Wait();
            return 0;
        });
        await begun.Task;
        var waiting = Enumerable.Range(1, 4).Select(i => queue.TryAsk<int>(new([10, 0, 0, (byte)i]), () => throw new InvalidOperationException("a bug"))).ToList();
        Assert.All(waiting, Assert.NotNull);
        Assert.Null(queue.TryAsk(Other, () => 1));
        gate.Set();
        Assert.Equal(0, await first!);
        foreach (var answer in waiting)
            await Assert.ThrowsAsync<InvalidOperationException>(() => answer!);
    }

    [Fact]
    public async Task A_desk_without_room_is_454_for_the_client_and_no_failure_of_its()
    {
        using var folder = new UsersFolder(("ann", "secret"));
        var time = new StagedTime(default);
        var logins = new Authenticator(new UserDirectory(folder.File, time), new(threads: 1, capacity: 0), time);
        for (var i = 0; i < 40; i++)
            Assert.Equal(LoginResult.Busy, (await logins.LoginAsync(Other, Says("ann", "wrong"), CancellationToken.None)).Result);
    }

    [Fact]
    public void Of_many_users_the_oldest_are_forgotten()
    {
        var time = new StagedTime(new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));
        var table = new RecentTable<int, object>(100, TimeSpan.FromMinutes(1), time);
        for (var i = 0; i < 1000; i++)
        {
            table.Touch(i);
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.InRange(table.Count, 1, 100);
        }
        Assert.NotNull(table.Find(999));
        Assert.Null(table.Find(0));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(table.Find(999));
    }

    [Fact]
    public void An_hour_slides()
    {
        var time = new StagedTime(new(2026, 3, 6, 12, 0, 30, TimeSpan.Zero));
        var quota = new RecipientQuota(3, time);
        Assert.True(quota.TryTake("ann") && quota.TryTake("ann"));
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(quota.TryTake("ann") && !quota.TryTake("ann"));
        Assert.True(quota.TryTake("bob"));
        time.Advance(TimeSpan.FromMinutes(29));
        Assert.False(quota.TryTake("ann"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(quota.TryTake("ann") && quota.TryTake("ann") && !quota.TryTake("ann"));
        time.Advance(TimeSpan.FromDays(1));
        Assert.True(quota.TryTake("ann") && quota.TryTake("ann") && quota.TryTake("ann") && !quota.TryTake("ann"));
    }

    [Fact]
    public void Another_quota_counts_what_was_sent_under_the_one_before()
    {
        var quota = new RecipientQuota(2, new StagedTime(new(2026, 3, 6, 12, 0, 30, TimeSpan.Zero)));
        Assert.True(quota.TryTake("ann") && quota.TryTake("ann") && !quota.TryTake("ann"));
        var wider = quota.With(3);
        Assert.True(wider.TryTake("ann") && !wider.TryTake("ann") && !quota.TryTake("ann"));
    }

    [Fact]
    public void A_quota_knows_no_case()
    {
        var quota = new RecipientQuota(2, new StagedTime(new(2026, 3, 6, 12, 0, 30, TimeSpan.Zero)));
        Assert.True(quota.TryTake("ann"));
        Assert.True(quota.TryTake("Ann"));
        Assert.False(quota.TryTake("ANN"));
    }
}
