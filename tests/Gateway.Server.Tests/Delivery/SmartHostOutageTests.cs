using System.Net;
using Gateway.Lab.Conversations;
using Gateway.Lab.SmartHosts;
using Gateway.Tests;

namespace Gateway.Server.Tests.Delivery;

public sealed class SmartHostOutageTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Down_it_is_451_after_a_while_without_asking_and_back_at_once_when_it_returns()
    {
        var time = new StagedTime(Start);
        await using var server = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), null, TimeProvider.System);
        await using var host = Deliveries.To(server.Endpoint, time);
        server.Direct(new SmartHostAnswer.Down());

        for (var i = 0; i < 5; i++)
            Assert.Equal("451 4.4.1 Next hop unavailable, try again later", (await host.SendAsync()).Reply.ToString());
        Assert.Equal("it failed just now, so the gateway does not try again for a few seconds", (await host.SendAsync()).Note);

        server.Direct(new SmartHostAnswer.Up());
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(250, (await host.SendAsync()).Reply.Code);
        Assert.Equal(250, (await host.SendAsync()).Reply.Code);
    }

    [Fact]
    public async Task While_new_connections_fail_the_open_ones_go_on_carrying_mail()
    {
        await using var server = new ScriptedSmartHost { Answers = static (connection, asked) => connection > 1 && asked == "greeting" ? "421 4.3.2 full" : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        var answer = new TaskCompletionSource();
        server.Gate = answer.Task;
        var first = host.SendAsync();
        await server.HearsAsync(".");
        for (var i = 0; i < 6; i++)
            Assert.Equal(451, (await host.SendAsync()).Reply.Code);
        answer.SetResult();
        await first;

        Assert.True(await host.SendAsync() is { Reply.Code: 250, WasReused: true });
    }

    [Fact]
    public async Task Refusals_are_answers_and_open_no_circuit()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "MAIL" ? "550 5.7.1 no" : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        for (var i = 0; i < 20; i++)
            Assert.Equal("550 5.7.1 no", (await host.SendAsync()).Reply.ToString());

        server.Answers = static (_, _) => null;
        Assert.Equal(250, (await host.SendAsync()).Reply.Code);
    }

    [Fact]
    public async Task A_smart_host_that_does_not_greet_is_given_up_long_before_the_deadline()
    {
        var time = new StagedTime(Start);
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "EHLO" ? ScriptedSmartHost.Silence : null };
        await using var host = Deliveries.To(server.Endpoint, time);
        var delivery = host.SendAsync();
        await server.HearsAsync("EHLO");

        time.Advance(TimeSpan.FromSeconds(40));

        var result = await delivery;
        Assert.Equal("451 4.4.1 Next hop unavailable, try again later", result.Reply.ToString());
        Assert.Equal($"{server.Endpoint}: it was not ready for mail within 40 s", result.Note);
    }
}
