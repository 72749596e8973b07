using System.Text;
using Gateway.Lab.Conversations;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Delivery;

/// <summary>The reply to the final dot: how long it is waited for, what it means, and what happens without it.</summary>
public sealed class SmartHostVerdictTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_smart_host_that_takes_nine_minutes_to_say_yes_is_waited_for()
    {
        var time = new StagedTime(Start);
        var answer = new TaskCompletionSource();
        await using var server = new ScriptedSmartHost { Gate = answer.Task };
        await using var host = Deliveries.To(server.Endpoint, time);
        var delivery = host.SendAsync();
        await server.HearsAsync(".");

        time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(delivery.IsCompleted);
        answer.SetResult();

        Assert.Equal(250, (await delivery).Reply.Code);
    }

    [Theory]
    [InlineData(false, "a new connection")]
    [InlineData(true, "a kept one, on which other failures are tried again")]
    public async Task Without_a_verdict_the_message_is_in_doubt_and_never_sent_again(bool kept, string reason)
    {
        var time = new StagedTime(Start);
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, time);
        if (kept)
            await host.SendAsync();
        server.Answers = static (_, asked) => asked == "." ? ScriptedSmartHost.Silence : null;
        var delivery = host.SendAsync();
        await server.HearsAsync(".", kept ? 2 : 1);

        time.Advance(TimeSpan.FromSeconds(569));
        Assert.False(delivery.IsCompleted, reason);
        time.Advance(TimeSpan.FromSeconds(1));

        var result = await delivery;
        Assert.Equal("451 4.4.2 The reply of the next hop to the message did not arrive, try again later", result.Reply.ToString());
        Assert.True(result is { IsInDoubt: true, Attempts: 1, IsPassedOn: false }, reason);
        Assert.StartsWith("in doubt: ", result.Note, StringComparison.Ordinal);
        Assert.Contains("no answer within 570 s", result.Note, StringComparison.Ordinal);
        Assert.Equal((1, kept ? 2 : 1), (server.Connections, server.Count("DATA")));
    }

    [Theory]
    [InlineData(ScriptedSmartHost.Hangup, true)]
    [InlineData("221 2.0.0 bye", true)]
    [InlineData("354 go on", true)]
    [InlineData("nonsense", true)]
    [InlineData("421 4.3.2 closing", false)]
    [InlineData("451 4.3.0 later", false)]
    public async Task Behind_the_final_dot_nothing_makes_the_gateway_send_the_message_again(string said, bool isInDoubt)
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await host.SendAsync();
        server.Answers = (_, asked) => asked == "." ? said : null;

        var result = await host.SendAsync();

        Assert.Equal((451, isInDoubt, 1), (result.Reply.Code, result.IsInDoubt, result.Attempts));
        Assert.Equal((1, 2), (server.Connections, server.Messages.Count));
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    public async Task On_a_kept_connection_421_before_the_message_is_met_with_a_new_one(string command)
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await host.SendAsync();
        server.Answers = (connection, asked) => connection == 1 && asked == command ? "421 4.7.0 too much on this connection" : null;

        Assert.True(await host.SendAsync() is { Reply.Code: 250, Attempts: 2 });
        Assert.Equal(2, server.Messages.Count);
    }

    [Fact]
    public async Task On_a_new_connection_421_at_RCPT_defers_and_says_nothing_about_the_recipient()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "RCPT" ? "421 4.7.0 closing" : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        var result = await host.SendAsync();

        Assert.Equal("451 4.7.0 closing", result.Reply.ToString());
        Assert.Equal("RCPT: the server closes the connection with 421 4.7.0 closing", result.Note);
        Assert.False(result.IsInDoubt);
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_the_verdict_at_once()
    {
        using var dying = new CancellationTokenSource();
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "." ? ScriptedSmartHost.Silence : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        var message = new OutgoingMessage(ReadOnlyMemory<byte>.Empty, MessageContent.FromBytes(Encoding.ASCII.GetBytes("Subject: x\r\n\r\nhello\r\n")), []);
        var delivery = host.DeliverAsync(new(new(new("ann", "example.org")), [new(new("bob", "gateway.test"))], default), message, dying.Token);
        await server.HearsAsync(".");

        await dying.CancelAsync();

        Assert.True((await delivery)[0].Result.IsInDoubt);
    }

    [Fact]
    public async Task The_deadline_still_ends_what_comes_before_the_final_dot()
    {
        var time = new StagedTime(Start);
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "DATA" ? ScriptedSmartHost.Silence : null };
        await using var host = Deliveries.To(server.Endpoint, time, "Delivery:Deadline=00:01:00");
        var delivery = host.SendAsync();
        await server.HearsAsync("DATA");

        time.Advance(TimeSpan.FromMinutes(1));

        var result = await delivery;
        Assert.Equal(("451 4.4.1 Next hop unavailable, try again later", false), (result.Reply.ToString(), result.IsInDoubt));
        Assert.StartsWith("no answer within 60 s", result.Note, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(1), result.Elapsed);
    }

    [Theory]
    [InlineData(null, "250 2.0.0 taken", true, "all are delivered")]
    [InlineData("550 5.1.1 unknown", "550 5.1.1 unknown", false, "one is refused, so the message goes to nobody")]
    public async Task Each_recipient_has_a_result_of_its_own_and_all_are_equal(string? second, string reply, bool isDelivered, string reason)
    {
        var count = 0;
        await using var server = new ScriptedSmartHost { Answers = (_, heard) => heard == "RCPT" && ++count == 2 ? second : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        var message = new OutgoingMessage(ReadOnlyMemory<byte>.Empty, MessageContent.FromBytes("Subject: x\r\n\r\nhello\r\n"u8.ToArray()), []);
        ForwardPath[] recipients = [.. new[] { "bob", "carol", "dave" }.Select(static name => new ForwardPath(new(name, "gateway.test")))];

        var results = await host.DeliverAsync(new(new(new("ann", "example.org")), recipients, default), message, TestContext.Current.CancellationToken);

        var each = Enumerable.Range(0, results.Count).Select(place => results[place]).ToList();
        Assert.Equal(recipients, each.Select(static result => result.Recipient));
        Assert.All(each, result => Assert.Equal(reply, result.Result.Reply.ToString()));
        Assert.True(isDelivered == !server.Messages.IsEmpty, reason);
    }

    [Fact]
    public async Task A_reply_ahead_of_the_message_on_a_kept_connection_costs_that_connection_and_no_message()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await host.SendAsync();
        server.Answers = static (connection, asked) => connection == 1 && asked == "DATA" ? "354 go on\r\n250 2.0.0 taken" : null;

        Assert.True(await host.SendAsync() is { Reply.Code: 250, Attempts: 2 });
        Assert.Equal(2, server.Messages.Count);
    }
}
