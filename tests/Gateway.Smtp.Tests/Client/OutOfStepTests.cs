using System.Text;

namespace Gateway.Smtp.Tests.Client;

/// <summary>Replies do not say what they answer. Here they come too early, too often, or for something else.</summary>
public sealed class OutOfStepTests
{
    [Theory]
    [InlineData("250 2.0.0 Taken\r\n", "the reply that would lose the message")]
    [InlineData("550 5.7.1 No\r\n", "one that would bounce it")]
    [InlineData("2", "the beginning of one")]
    public async Task A_reply_in_the_same_segment_as_354_is_not_the_messages(string early, string reason)
    {
        await using var peer = ScriptedPeer.Greeting((ScriptedPeer.Envelope, ScriptedPeer.Accepted + early));
        await using var client = await peer.ConnectAsync();

        var failed = Assert.IsType<SendResult.Failed>(await client.SendAsync("bob"));

        Assert.False(failed.MayHaveBeenDelivered, reason);
        Assert.False(client.IsReusable);
        Assert.Equal("", await peer.HeardBehindAsync()); // no octet of the message, and no dot
    }

    [Theory]
    [InlineData(1, "a message that leaves in one write")]
    [InlineData(200_000, "one that is on its way already")]
    public async Task A_reply_that_comes_before_the_final_dot_has_left_is_not_the_messages(int length, string reason)
    {
        await using var peer = ScriptedPeer.Greeting((ScriptedPeer.Envelope, ScriptedPeer.Accepted));
        await using var client = await peer.ConnectAsync();
        var content = new InterruptedContent(Encoding.ASCII.GetBytes(Samples.TextOf(Math.Max(length, Samples.Text.Length))), () => peer.SayAsync("250 2.0.0 Taken\r\n"));

        var result = await client.SendAsync(Samples.EnvelopeTo("bob"), new OutgoingMessage(default, content, []), TestContext.Current.CancellationToken);

        Assert.False(Assert.IsType<SendResult.Failed>(result).MayHaveBeenDelivered, reason);
        Assert.False(client.IsReusable);
        Assert.DoesNotContain("\r\n.\r\n", await peer.HeardBehindAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_comes_before_its_command_is_not_the_commands()
    {
        await using var peer = new ScriptedPeer(("", "220 peer\r\n"), (ScriptedPeer.Ehlo, "250 peer\r\n"),
            ("MAIL FROM:<ann@example.org>\r\n", "250 mail\r\n550 5.1.1 Unknown\r\n"));
        await using var client = await peer.ConnectAsync();

        Assert.False(Assert.IsType<SendResult.Failed>(await client.SendAsync("bob")).MayHaveBeenDelivered);
        Assert.Equal("", await peer.HeardBehindAsync());
    }

    [Theory]
    [InlineData("250 stale\r\n250 mail\r\n250 rcpt\r\n", "one reply more than commands: DATA is not answered 354")]
    [InlineData("250 stale\r\n550 5.1.8 No\r\n250 rcpt\r\n", "the same for a sender")]
    [InlineData("354 stale\r\n250 mail\r\n250 rcpt\r\n", "nothing but DATA is answered 354")]
    [InlineData("221 bye\r\n250 rcpt\r\n354 go\r\n", "no command is answered 221 but QUIT")]
    [InlineData("250 mail\r\n221 bye\r\n354 go\r\n", "at RCPT neither")]
    [InlineData("250 mail\r\n250 rcpt\r\n334 go\r\n", "334 belongs to AUTH")]
    public async Task On_a_kept_connection_replies_that_have_shifted_deliver_nothing_and_refuse_nobody(string replies, string reason)
    {
        await using var peer = ScriptedPeer.Greeting(
            (ScriptedPeer.Envelope, ScriptedPeer.Accepted), (ScriptedPeer.Message, "250 2.0.0 Taken\r\n"), (ScriptedPeer.Envelope, replies));
        await using var client = await peer.ConnectAsync();
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));

        Assert.False(Assert.IsType<SendResult.Failed>(await client.SendAsync("bob")).MayHaveBeenDelivered, reason);
        Assert.Equal("", await peer.HeardBehindAsync());
    }

    [Theory]
    [InlineData("250 2.0.0 Taken\r\n250 2.0.0 Taken again\r\n", "in the same segment")]
    [InlineData("250 2.0.0 Taken\r\n", "later")]
    public async Task A_connection_with_a_reply_too_many_carries_no_other_message(string reply, string reason)
    {
        await using var peer = ScriptedPeer.Greeting((ScriptedPeer.Envelope, ScriptedPeer.Accepted), (ScriptedPeer.Message, reply));
        await using var client = await peer.ConnectAsync();
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
        if (reason == "later")
            await peer.SayAsync("250 2.0.0 Taken again\r\n");

        Assert.False(client.LooksAlive());
    }

    [Theory]
    [InlineData("CHUNKING")]
    [InlineData("BINARYMIME\r\n250-CHUNKING")]
    public async Task CHUNKING_is_not_used_for_it_has_no_354(string offer)
    {
        await using var peer = new ScriptedPeer(("", "220 peer\r\n"), (ScriptedPeer.Ehlo, $"250-peer\r\n250-{offer}\r\n250 PIPELINING\r\n"),
            (ScriptedPeer.Envelope, ScriptedPeer.Accepted), (ScriptedPeer.Message, "250 2.0.0 Taken\r\n"), (ScriptedPeer.Envelope, ScriptedPeer.Accepted),
            (ScriptedPeer.Message, "250 2.0.0 Taken\r\n"));
        await using var client = await peer.ConnectAsync();

        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
    }

    [Theory]
    [InlineData("250 2.0.0 Taken\r\n", true, "the usual")]
    [InlineData("200 taken\r\n", true, "any other 2yz (RFC 5321 §4.2.1)")]
    [InlineData("221 2.0.0 Bye\r\n", false, "221 takes no message")]
    [InlineData("221-2.0.0 Taken\r\n221 2.0.0 Bye\r\n", false, "whatever it says")]
    [InlineData("354 go\r\n", false, "no answer to a message")]
    [InlineData("25\r\n", false, "no reply at all")]
    [InlineData("250 2.0.0 Taken\r\n421 4.3.2 Closing\r\n", true, "a server may close when it likes")]
    [InlineData("250 stale\r\n550 5.7.1 Spam\r\n", false, "one of them is the answer, and nobody knows which")]
    [InlineData("550 stale\r\n250 2.0.0 Taken\r\n", false, "a refusal could be as wrong")]
    public async Task Only_a_2yz_reply_that_nothing_contradicts_says_that_the_message_was_taken(string reply, bool isTaken, string reason)
    {
        await using var peer = ScriptedPeer.Greeting((ScriptedPeer.Envelope, ScriptedPeer.Accepted), (ScriptedPeer.Message, reply));
        await using var client = await peer.ConnectAsync();

        var result = await client.SendAsync("bob");

        Assert.True(isTaken ? result is SendResult.Delivered : result is SendResult.Failed { MayHaveBeenDelivered: true }, $"{reason}: {result}");
    }

    [Theory]
    [InlineData("220 peer\r\n250 early\r\n", "", "EHLO would be answered before it was said")]
    [InlineData("220 peer\r\n", "250-peer\r\n250 PIPELINING\r\n250 again\r\n", "MAIL would be")]
    public async Task A_server_that_says_too_much_before_the_first_message_is_not_used(string greeting, string offer, string reason)
    {
        await using var peer = offer == "" ? new ScriptedPeer(("", greeting)) : new ScriptedPeer(("", greeting), (ScriptedPeer.Ehlo, offer));

        var result = await peer.TryConnectAsync();
        if (result is ConnectResult.Connected { Client: var client })
            await client.SendAsync("bob");

        Assert.True(result is ConnectResult.Failed, $"{reason}: {result}");
    }

    [Fact]
    public async Task A_server_that_closes_behind_its_reply_to_EHLO_has_refused()
    {
        await using var peer = new ScriptedPeer(("", "220 peer\r\n"), (ScriptedPeer.Ehlo, "250 peer\r\n421 4.3.2 Closing\r\n"));

        Assert.Equal(421, Assert.IsType<ConnectResult.Refused>(await peer.TryConnectAsync()).Reply.Code);
    }

    // docs/flow.md: what no client can tell. The reply too many comes when the whole message has left, before the real answer.
    [Fact]
    public async Task Undetectable_a_reply_too_many_that_comes_between_the_final_dot_and_its_answer_passes_for_the_answer()
    {
        await using var peer = ScriptedPeer.Greeting((ScriptedPeer.Envelope, ScriptedPeer.Accepted), (ScriptedPeer.Message, "250 2.0.0 The message before was taken\r\n"));
        await using var client = await peer.ConnectAsync();

        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));

        // The real answer gives it away, too late for this message and in time for the next one.
        await peer.SayAsync("550 5.7.1 Spam\r\n");
        Assert.False(client.LooksAlive());
    }

    /// <summary>Something happens when most of it was read and the end has not been written.</summary>
    private sealed class InterruptedContent(byte[] octets, Func<Task> interrupt) : MessageContent
    {
        private const int Rest = 10;

        public override long Length => octets.Length;

        public override bool HasEightBit => false;

        public override bool EndsWithNewline => true;

        public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return octets.AsMemory(0, octets.Length - Rest);
            await interrupt();
            yield return octets.AsMemory(octets.Length - Rest);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
