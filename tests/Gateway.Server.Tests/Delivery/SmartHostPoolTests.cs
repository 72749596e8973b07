using Gateway.Lab.Conversations;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Delivery;
using Gateway.Tests;

namespace Gateway.Server.Tests.Delivery;

public sealed class SmartHostPoolTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_connection_carries_one_message_after_the_other()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        Assert.False((await host.SendAsync()).WasReused);
        Assert.True((await host.SendAsync()).WasReused);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_refused_message_does_not_cost_the_connection()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        server.Answers = static (_, asked) => asked == "RCPT" ? "550 5.1.1 no" : null;
        await host.SendAsync();
        server.Answers = static (_, _) => null;

        Assert.True(await host.SendAsync() is { WasReused: true, Reply.Code: 250 });
    }

    [Fact]
    public async Task A_connection_that_nobody_uses_is_closed_with_QUIT()
    {
        var time = new StagedTime(Start);
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, time, "SmartHosts:0:IdleTimeout=00:00:30");
        await host.SendAsync();

        time.Advance(TimeSpan.FromSeconds(30));

        await server.HearsAsync("QUIT");
        Assert.False((await host.SendAsync()).WasReused);
    }

    [Fact]
    public async Task A_connection_that_was_used_within_its_time_stays()
    {
        var time = new StagedTime(Start);
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, time, "SmartHosts:0:IdleTimeout=00:00:30");
        await host.SendAsync();
        time.Advance(TimeSpan.FromSeconds(20));
        await host.SendAsync();

        // The sweep at 30 s finds it 10 s old; at 49 s it is lent, though the next sweep is due at 60 s.
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.True((await host.SendAsync()).WasReused);
        // At 79.5 s it has lain there for longer than its time, be the next sweep at 90 s.
        time.Advance(TimeSpan.FromSeconds(30.5));
        Assert.False((await host.SendAsync()).WasReused);
    }

    [Theory]
    [InlineData(ScriptedSmartHost.Hangup, "died unseen")]
    [InlineData("421 4.4.2 idle for too long", "closed by the server's own clock (RFC 5321 §3.8)")]
    public async Task When_the_smart_host_was_started_again_one_stale_connection_is_met_and_no_message_fails(string farewell, string reason)
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await KeepOpenAsync(server, host, 3);
        server.Answers = (connection, asked) => connection <= 3 && asked is "MAIL" or "RSET" ? farewell : null;

        var first = await host.SendAsync();
        var second = await host.SendAsync();

        Assert.True(first is { Reply.Code: 250, Attempts: 2, WasReused: false }, reason);
        Assert.True(second is { Reply.Code: 250, Attempts: 1, WasReused: true }, reason);
        Assert.Equal(4, server.Connections);
    }

    [Fact]
    public async Task A_smart_host_that_really_was_down_and_up_again_costs_no_message_either()
    {
        await using var server = CapturingSmartHost.Start(new(System.Net.IPAddress.Loopback, 0), null, TimeProvider.System);
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.SendAsync()));
        server.Direct(new SmartHostAnswer.Down());
        server.Direct(new SmartHostAnswer.Up());

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.SendAsync())), result => Assert.Equal(250, result.Reply.Code));
    }

    [Fact]
    public async Task There_are_never_more_connections_than_allowed()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, "SmartHosts:0:MaxConnections=2");

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.SendAsync()));

        Assert.All(results, result => Assert.Equal(250, result.Reply.Code));
        Assert.True(server.Connections <= 2);
    }

    [Fact]
    public async Task The_wait_for_a_place_counts_against_the_deadline_and_no_place_is_lost()
    {
        var time = new StagedTime(Start);
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "MAIL" ? ScriptedSmartHost.Silence : null };
        await using var host = Deliveries.To(server.Endpoint, time, "SmartHosts:0:MaxConnections=1", "Delivery:Deadline=00:00:20");
        var hung = host.SendAsync();
        await server.HearsAsync("MAIL");
        var waiting = host.SendAsync();

        time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("451 4.4.1 Next hop unavailable, try again later", (await hung).Reply.ToString());
        Assert.StartsWith("no answer within 20 s", (await hung).Note, StringComparison.Ordinal);
        Assert.Equal("no answer within 20 s (no connection was free)", (await waiting).Note);
        server.Answers = static (_, _) => null;
        Assert.Equal(250, (await host.SendAsync()).Reply.Code);
    }

    [Fact]
    public async Task A_delivery_that_outlives_the_pool_still_hears_its_answer()
    {
        var answer = new TaskCompletionSource();
        await using var server = new ScriptedSmartHost { Gate = answer.Task };
        var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        var delivery = host.SendAsync();
        await server.HearsAsync(".");

        await host.DisposeAsync();
        answer.SetResult();

        Assert.Equal(250, (await delivery).Reply.Code);
    }

    /// <summary>That many connections at once, all idle in the end.</summary>
    internal static async Task KeepOpenAsync(ScriptedSmartHost server, SmartHost host, int count)
    {
        var answer = new TaskCompletionSource();
        server.Gate = answer.Task;
        var deliveries = Enumerable.Range(0, count).Select(_ => host.SendAsync()).ToList();
        await server.HearsAsync(".", count);
        answer.SetResult();
        await Task.WhenAll(deliveries);
        Assert.Equal(count, server.Connections);
    }
}
