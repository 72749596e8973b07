using Gateway.Lab.Conversations;
using Gateway.Server.Delivery;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Delivery;

public sealed class RecipientChecksTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("250 2.1.5 fine", null, "it exists")]
    [InlineData("251 2.1.5 will forward", null, "it exists elsewhere")]
    [InlineData("550 5.1.1 Unknown", "550 5.1.1 Unknown", "its own words")]
    [InlineData("550 Unknown", "550 5.0.0 Unknown", "RFC 2034 §4: a status where there was none")]
    [InlineData("452 4.2.2 Full", "452 4.2.2 Full", "temporary stays temporary")]
    [InlineData("550 5.4.1 Recipient address rejected: Access denied", "550 5.4.1 Recipient address rejected: Access denied", "Exchange Online's word for unknown")]
    [InlineData("421 4.3.2 closing", null, "about the connection")]
    [InlineData("530 5.7.0 Authentication required", null, "about us")]
    [InlineData("535 5.7.8 Wrong", null, "about us")]
    [InlineData("554 5.7.1 Client host rejected", null, "policy: about us, or about the sender that was none")]
    [InlineData("451 4.7.1 Greylisted", null, "about a sender that will be another")]
    [InlineData("550 5.1.8 Null sender not welcome", null, "about the sender")]
    [InlineData("503 5.5.1 MAIL first", null, "about the protocol")]
    [InlineData("502 not implemented", null, "the same")]
    public async Task Only_what_is_said_about_the_recipient_refuses_it(string said, string? heard, string reason)
    {
        await using var server = new ScriptedSmartHost { Answers = (_, asked) => asked == "RCPT" ? said : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        Assert.Equal(heard, (await AskAsync(host))?.ToString());
        Assert.NotEmpty(reason);
    }

    [Theory]
    [InlineData("MAIL", "553 5.1.8 no")]
    [InlineData("MAIL", "530 5.7.0 Authentication required")]
    [InlineData("greeting", "554 5.7.1 Not you")]
    [InlineData("EHLO", ScriptedSmartHost.Hangup)]
    [InlineData("RCPT", ScriptedSmartHost.Hangup)]
    public async Task Where_nothing_can_be_known_the_recipient_passes(string command, string said)
    {
        await using var server = new ScriptedSmartHost { Answers = (_, asked) => asked == command ? said : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        Assert.Null(await AskAsync(host));
    }

    [Fact]
    public async Task An_answer_is_remembered_for_as_long_as_it_holds()
    {
        var time = new StagedTime(Start);
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "RCPT" ? "550 5.1.1 Unknown" : null };
        await using var host = Deliveries.To(server.Endpoint, time, "SmartHosts:0:IdleTimeout=01:00:00");
        await AskAsync(host, "new@gateway.test");
        server.Answers = static (_, asked) => asked == "RCPT" ? "452 4.2.2 Full" : null;
        await AskAsync(host, "full@gateway.test");
        server.Answers = static (_, _) => null;
        await AskAsync(host, "bob@gateway.test");
        Assert.Equal(550, (await AskAsync(host, "new@GATEWAY.test"))?.Code);
        Assert.Equal(452, (await AskAsync(host, "full@gateway.test"))?.Code);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await AskAsync(host, "full@gateway.test"));
        time.Advance(TimeSpan.FromSeconds(110));
        Assert.Null(await AskAsync(host, "new@gateway.test"));
        server.Answers = static (_, asked) => asked == "RCPT" ? "550 5.1.1 Gone" : null;
        time.Advance(TimeSpan.FromMinutes(57));
        Assert.Null(await AskAsync(host));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(550, (await AskAsync(host))?.Code);
    }

    [Fact]
    public async Task A_cached_answer_is_there_at_once()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await AskAsync(host);

        Assert.True(AskAsync(host).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Many_who_want_to_know_the_same_ask_once()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        // The questions begin while the first one has to make its connection.
        var asking = Enumerable.Range(0, 50).Select(_ => AskAsync(host)).ToList();

        Assert.All(await Task.WhenAll(asking), Assert.Null);
        Assert.Equal(1, server.Count("RCPT"));
    }

    [Fact]
    public async Task A_smart_host_that_does_not_answer_is_waited_for_ten_seconds_and_then_left_alone_for_a_while()
    {
        var time = new StagedTime(Start);
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "RCPT" ? ScriptedSmartHost.Silence : null };
        await using var host = Deliveries.To(server.Endpoint, time);
        var asking = AskAsync(host);
        await server.HearsAsync("RCPT");
        Assert.False(asking.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await asking);
        Assert.True(AskAsync(host, "carol@gateway.test").IsCompletedSuccessfully);
        Assert.Equal(1, server.Count("RCPT"));
    }

    [Fact]
    public async Task Deliveries_that_hang_hold_up_no_question_and_questions_that_hang_no_delivery()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "RCPT" ? ScriptedSmartHost.Silence : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, "SmartHosts:0:MaxConnections=10");
        var hung = AskAsync(host, "hung@gateway.test");
        await server.HearsAsync("RCPT");
        server.Answers = static (_, _) => null;
        Assert.Equal(250, (await host.SendAsync()).Reply.Code);

        var answer = new TaskCompletionSource();
        server.Gate = answer.Task;
        var deliveries = Enumerable.Range(0, 20).Select(_ => host.SendAsync()).ToList();
        await server.HearsAsync(".", 10);
        Assert.True(server.Connections <= 10);
        answer.SetResult();

        Assert.All(await Task.WhenAll(deliveries), result => Assert.Equal(250, result.Reply.Code));
        Assert.False(hung.IsCompleted);
    }

    [Fact]
    public async Task With_few_connections_one_question_shares_them_with_the_deliveries()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, "SmartHosts:0:MaxConnections=1");

        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await AskAsync(host, $"b{i}@gateway.test"));
            Assert.Equal(250, (await host.SendAsync()).Reply.Code);
        }

        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(1, "250 scripted")]
    [InlineData(1, "250-scripted\r\n250 PIPELINING")]
    [InlineData(30, "250-scripted\r\n250 PIPELINING")]
    public async Task Many_questions_over_few_connections_all_get_their_own_answers(int connections, string offer)
    {
        await using var server = new ScriptedSmartHost { Answers = (_, asked) => asked == "EHLO" ? offer : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, $"SmartHosts:0:MaxConnections={connections}");
        server.Answers = (_, asked) => asked switch
        {
            "EHLO" => offer,
            "RCPT" => server.Heard("RCPT").Contains("<un", StringComparison.Ordinal) ? "550 5.1.1 Unknown" : null,
            _ => null,
        };

        // The scripted server tells them apart by the line heard last, so only one connection may ask for unknown ones.
        var mixed = connections == 1;
        var asking = Enumerable.Range(0, 60).Select(i => AskAsync(host, $"{(mixed && i % 3 == 0 ? "un" : "")}known{i}@gateway.test")).ToList();
        var answers = await Task.WhenAll(asking);

        Assert.Equal(Enumerable.Range(0, 60).Select(i => mixed && i % 3 == 0), answers.Select(static answer => answer is not null));
        Assert.Equal(60, server.Count("RCPT"));
    }

    [Fact]
    public async Task Who_is_behind_a_server_that_has_had_enough_is_asked_for_again_on_another_connection()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, "SmartHosts:0:MaxConnections=1");
        var perConnection = new int[20];
        server.Answers = (connection, asked) => asked switch
        {
            "EHLO" => "250-scripted\r\n250 PIPELINING",
            "RCPT" => ++perConnection[connection] > 2 ? "421 4.7.0 Too many errors" : "550 5.1.1 Unknown",
            _ => null,
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => AskAsync(host, $"b{i}@gateway.test")));

        Assert.All(answers, static answer => Assert.Equal(550, answer?.Code));
    }

    [Fact]
    public async Task A_connection_that_has_refused_many_recipients_carries_no_message()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "RCPT" ? "550 5.1.1 Unknown" : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, "SmartHosts:0:MaxConnections=1");
        for (var i = 0; i < 5; i++)
            Assert.Equal(550, (await AskAsync(host, $"b{i}@gateway.test"))?.Code);
        server.Answers = static (_, _) => null;

        Assert.False((await host.SendAsync()).WasReused);
        await server.HearsAsync("QUIT");
    }

    [Fact]
    public async Task A_kept_connection_that_died_unseen_costs_no_answer()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await host.SendAsync();
        server.Answers = static (connection, asked) => (connection, asked) switch
        {
            (1, "MAIL" or "RSET") => ScriptedSmartHost.Hangup,
            (_, "RCPT") => "550 5.1.1 Unknown",
            _ => null,
        };

        Assert.Equal(550, (await AskAsync(host))?.Code);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Who_was_known_and_is_refused_at_delivery_is_asked_for_again()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        Assert.Null(await AskAsync(host));
        server.Answers = static (_, asked) => asked == "RCPT" ? "550 5.1.1 Gone" : null;

        Assert.Equal(550, (await host.SendAsync()).Reply.Code);

        Assert.Equal("550 5.1.1 Gone", (await AskAsync(host))?.ToString());
    }

    [Fact]
    public async Task Switched_off_nothing_is_asked()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "RCPT" ? "550 5.1.1 no" : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, "SmartHosts:0:VerifyRecipients=false");

        Assert.Null(await AskAsync(host));
        Assert.Equal(0, server.Connections);
    }

    private static ForwardPath To(string address) => new(new(address.Split('@')[0], address.Split('@')[1]));

    private static Task<Reply?> AskAsync(SmartHost host, string to = "bob@gateway.test") =>
        host.AskAsync(To(to), TestContext.Current.CancellationToken).AsTask();
}
