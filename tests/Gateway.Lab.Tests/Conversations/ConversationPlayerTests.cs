using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Lab.SmartHosts;
using Gateway.Policy;
using Gateway.Policy.Advising;
using Gateway.Smtp;

namespace Gateway.Lab.Tests.Conversations;

public sealed class ConversationPlayerTests
{
    private const string Text = """
        # A short one
        S: 220 …
        C: NOOP
        C: QUIT
        S: 250 ok
        S: 221 bye
        @closed

        """;

    [Theory]
    [InlineData(Chunking.Whole)]
    [InlineData(Chunking.Sevens)]
    [InlineData(Chunking.SingleOctets)]
    public async Task A_server_that_says_what_the_file_says_is_faithful(Chunking chunking)
    {
        var performance = await PlayAsync(Text, "220 hello\r\n250 ok\r\n221 bye\r\n", chunking);

        Assert.True(performance.IsFaithful, performance.ToString());
        Assert.Equal(["220 hello", "NOOP", "QUIT", "250 ok", "221 bye"], performance.Transcript.Select(line => line.Text));
    }

    [Theory]
    [InlineData("220 hello\r\n250 ok\r\n500 no\r\n", 6, "221 bye", "500 no", "another line")]
    [InlineData("220 hello\r\n250 ok\r\n", 6, "221 bye", "(the server hung up)", "too little")]
    [InlineData("220 hello\r\n250 ok\n221 bye\r\n", 5, "250 ok", @"250 ok\n", "a bare LF")]
    [InlineData("220 hello\r\n250 ok\r\n221 bye\r\n250 more\r\n", 7, "(the server hangs up)", "250 more", "too much")]
    public async Task The_first_difference_is_shown_with_its_line(string server, int line, string expected, string got, string why)
    {
        var performance = await PlayAsync(Text, server, Chunking.Whole);

        Assert.True(performance.Difference is { } different && (different.Line, different.Expected, different.Got) == (line, expected, got), $"{why}: {performance}");
        Assert.Contains($"a.smtp:{line}:", performance.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_said_after_the_last_line_of_the_file_is_a_difference()
    {
        var performance = await PlayAsync("# t\nS: 220 …\n", "220 hello\r\n421 away\r\n", Chunking.Whole);

        Assert.Equal(new Difference(null, "(the server hangs up)", "421 away"), performance.Difference);
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_a_difference_and_not_a_test_that_hangs()
    {
        var scene = new ScriptedScene("", hangUp: false, null);
        var player = new ConversationPlayer(TimeProvider.System, TimeSpan.FromMilliseconds(20));

        var performance = await player.PlayAsync(
            ConversationReader.Read("a.smtp", "# t\nS: 220 …\n"), scene, Chunking.Whole, TestContext.Current.CancellationToken);

        Assert.Equal(new Difference(2, "220 …", "(nothing)"), performance.Difference);
    }

    [Theory]
    [InlineData("250-a\r\n250-b\r\n250 c\r\n", true, "two passed over")]
    [InlineData("250 c\r\n", true, "none passed over")]
    [InlineData("250-a\r\n251-b\r\n250 c\r\n", false, "one that does not match")]
    public async Task Lines_may_be_passed_over_on_the_way_to_an_expected_one(string server, bool same, string why)
    {
        var performance = await PlayAsync("# t\nS* 250-…\nS: 250 c\n", server, Chunking.Whole);

        Assert.True(same == performance.IsFaithful, $"{why}: {performance}");
    }

    [Theory]
    [InlineData("reject require-ptr", Decision.Reject, "require-ptr", true)]
    [InlineData("reject", Decision.Reject, "require-ptr", true)]
    [InlineData("reject require-fcrdns", Decision.Reject, "require-ptr", false)]
    [InlineData("accept", Decision.Continue, null, true)]
    [InlineData("accept", Decision.Defer, "require-ptr", false)]
    public async Task The_verdict_is_compared_with_its_check_when_one_is_named(string expected, Decision decision, string? check, bool same)
    {
        var scene = new ScriptedScene("220 x\r\n", hangUp: true, new PolicyDecision(decision, check));

        var performance = await PlayAsync($"# t\nS: 220 …\n@verdict {expected}\n", scene, Chunking.Whole);

        Assert.Equal(same, performance.IsFaithful);
        Assert.True(same || performance.Difference?.Line == 3);
    }

    private static Task<Performance> PlayAsync(string text, string server, Chunking chunking) =>
        PlayAsync(text, new ScriptedScene(server, hangUp: true, null), chunking);

    private static async Task<Performance> PlayAsync(string text, ScriptedScene scene, Chunking chunking)
    {
        await using (scene)
            return await new ConversationPlayer(TimeProvider.System, TimeSpan.FromSeconds(30)).PlayAsync(
                ConversationReader.Read("a.smtp", text), scene, chunking, TestContext.Current.CancellationToken);
    }

    /// <summary>A server that says its piece whatever it hears.</summary>
    private sealed class ScriptedScene : IScene, IDuplexPipe
    {
        private readonly Pipe _heard = new();
        private readonly Pipe _said = new();
        private readonly PolicyDecision? _decision;

        public ScriptedScene(string server, bool hangUp, PolicyDecision? decision)
        {
            _decision = decision;
            _said.Writer.Write(Encoding.ASCII.GetBytes(server));
            if (hangUp)
                _said.Writer.Complete();
        }

        public TimeProvider Time => TimeProvider.System;

        public ValueTask<SmtpConnection> ConnectAsync(Action<string> tell, CancellationToken cancellationToken)
        {
            var client = new DuplexStream(this);
            return ValueTask.FromResult(SmtpConnection.Over(client, TimeProvider.System, client.FinishWritingAsync));
        }

        PipeReader IDuplexPipe.Input => _said.Reader;

        PipeWriter IDuplexPipe.Output => _heard.Writer;

        public IReadOnlyList<CapturedMessage>? TakenBy(string? smartHost) => null;

        public ValueTask<bool> TryAdvanceAsync(TimeSpan duration, bool isReplyDue, CancellationToken cancellationToken) => ValueTask.FromResult(false);

        public bool TryDirect(SmartHostAnswer answer, string? smartHost) => false;

        public bool TryMisbehave(FaultChange change) => false;

        public IReadOnlyList<string>? Journal => null;

        public ValueTask<Remedy?> AdviseAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Remedy?>(null);

        public ValueTask<PolicyDecision?> EndAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_decision);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
