using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Hosting;

public sealed class GracefulStopTests
{
    private const string Mail = "Subject: x\r\n\r\nhello\r\n";

    [Fact]
    public async Task The_idle_get_421_and_a_message_in_flight_its_verdict_first()
    {
        var verdict = new TaskCompletionSource();
        await using var server = new ScriptedSmartHost { Gate = verdict.Task };
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        await using var idle = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await using var busy = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await busy.PostAsync(Mail, "bob@gateway.test");
        await server.HearsAsync(".");

        var stop = gateway.StopAsync();
        Assert.StartsWith("421 4.3.2 ", await idle.HearAsync(), StringComparison.Ordinal);
        Assert.Empty(await idle.HearAsync());
        verdict.SetResult();

        Assert.Equal("250 2.0.0 taken", await busy.HearAsync());
        Assert.StartsWith("421 4.3.2 ", await busy.HearAsync(), StringComparison.Ordinal);
        await stop;
        Assert.Equal([SessionEnd.Stopping, SessionEnd.Stopping], [(await gateway.EndedAsync()).End, (await gateway.EndedAsync()).End]);
    }

    [Fact]
    public async Task A_message_that_is_still_arriving_is_taken_to_its_end()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        await using var idle = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await using var busy = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await busy.SayAsync("MAIL FROM:<ann@example.org>");
        await busy.SayAsync("RCPT TO:<bob@gateway.test>");
        await busy.SayAsync("DATA");

        var stop = gateway.StopAsync();
        Assert.StartsWith("421 ", await idle.HearAsync(), StringComparison.Ordinal);
        await busy.WriteAsync(Mail + ".\r\n");

        Assert.Equal("250 2.0.0 taken", await busy.HearAsync());
        Assert.StartsWith("421 ", await busy.HearAsync(), StringComparison.Ordinal);
        await stop;
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task When_the_time_is_up_the_rest_is_cut_off_without_an_answer()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "." ? ScriptedSmartHost.Silence : null };
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Limits:StopTimeout=00:00:01");
        await using var busy = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await busy.PostAsync(Mail, "bob@gateway.test");
        await server.HearsAsync(".");

        await gateway.StopAsync();

        Assert.DoesNotContain("250", await busy.HearAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await gateway.EndedAsync()).DeliveredCount);
    }
}
