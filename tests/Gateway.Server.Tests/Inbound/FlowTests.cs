using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Server.Configuration;
using Gateway.Server.Hosting;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Gateway.Tests;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Tests.Inbound;

/// <summary>docs/flow.md shows the methods that a command passes: the tables are true, and short.</summary>
public sealed partial class FlowTests : ISessionSink
{
    private const int HopsToRecipient = 8;
    private const int HopsToMessage = 14;

    private static readonly string[] Settings =
        ["HostName=mx.gateway.test", "Listeners:0:Endpoint=127.0.0.1:25", "Dns:Servers:0=127.0.0.1:9", "Relay:AcceptedDomains:0=gateway.test", "SmartHosts:0:Host=127.0.0.1", "Limits:RefuseEarlyInput=false"];

    private static readonly Assembly[] Ours = [typeof(SmtpConnectionHandler).Assembly, typeof(SmtpSession).Assembly, typeof(PolicyEngine).Assembly];

    private SessionRecord? _ended;

    [GeneratedRegex(@"^\| (\d+) \| `(\w+)\.(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex HopPattern();

    private static List<string> Hops { get; } =
        [.. HopPattern().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "flow.md"))).Select(static (match, i) =>
        {
            Assert.Equal(i + 1, int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
            return $"{match.Groups[2].Value}.{match.Groups[3].Value}";
        })];

    [Fact]
    public void The_page_names_methods_that_exist_and_no_more_than_a_reader_can_follow()
    {
        Assert.Equal(HopsToMessage, Hops.Count);
        Assert.Equal("SmartHost.AskAsync", Hops[HopsToRecipient - 1]);
        Assert.All(Hops, static hop => Assert.Contains(Ours.SelectMany(static assembly => assembly.GetTypes()), type =>
            hop.StartsWith(type.Name + ".", StringComparison.Ordinal)
            && type.GetMember(hop[(type.Name.Length + 1)..], BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Length > 0));
    }

    [Fact]
    public async Task A_recipient_and_a_message_pass_the_methods_that_the_page_names()
    {
        var relay = new StackRelay();

        await PlayAsync(relay);

        Assert.Equal(1, _ended!.DeliveredCount);
        Assert.Equal(Hops[..5], relay.AtRecipient);
        Assert.Equal([.. Hops[..3], Hops[10], Hops[11]], relay.AtMessage);
    }

    void ISessionSink.Ended(SessionRecord session) => _ended = session;

    private async Task PlayAsync(IRelay relay)
    {
        var options = ConfigurationLoader.Load(null, Settings);
        var listener = new InboundParts(options, new StubResolver(new(), TimeProvider.System), OwnCertificate.Load(options.Tls), TimeProvider.System)
            .Listener(options.Listeners[0], relay);
        var handler = new SmtpConnectionHandler(
            () => listener, new ConnectionCounter(), new SessionIds(TimeProvider.System, 0), this, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var inline = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);
        var (toServer, toClient) = (new Pipe(inline), new Pipe(inline));
        await toServer.Writer.WriteAsync(Encoding.ASCII.GetBytes(
            "EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\nDATA\r\nSubject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n"), CancellationToken.None);
        var near = new PipePair(toClient.Reader, toServer.Writer);
        await handler.OnConnectedAsync(new DefaultConnectionContext("test", new PipePair(toServer.Reader, toClient.Writer), near)
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 40_000),
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 25),
        }).WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
    }

    /// <summary>Takes every message, and looks at the call stack. All of the dialogue is there at once, so nothing is awaited and the stack is whole.</summary>
    private sealed class StackRelay : IRelay, INextHop
    {
        public IReadOnlyList<string> AtRecipient { get; private set; } = [];
        public IReadOnlyList<string> AtMessage { get; private set; } = [];

        public INextHop? NextHopOf(ForwardPath recipient) => this;

        public ValueTask<Reply?> AskAsync(ForwardPath recipient, CancellationToken cancellationToken)
        {
            AtRecipient = Stack();
            return default;
        }

        public Task<DeliveryResult> DeliverAsync(Envelope envelope, OutgoingMessage message, CancellationToken cancellationToken)
        {
            AtMessage = Stack();
            var taken = new RelayResult(new(250, 0, 0, "taken"), null, 1, false, TimeSpan.Zero, null) { IsPassedOn = true };
            return Task.FromResult(new DeliveryResult(envelope.Recipients, taken));
        }

        private static List<string> Stack() =>
            [.. new StackTrace().GetFrames().Select(static frame => frame.GetMethod()).OfType<MethodBase>()
                .Where(static method => Ours.Contains(method.DeclaringType?.Assembly)).Select(NameOf).OfType<string>().Reverse().Distinct()];

        // The body of an async method is MoveNext of a class <Method>d__1 within its own; the rows of the command table are in a class <>c.
        private static string? NameOf(MethodBase method) => method.DeclaringType switch
        {
            { Name: ['<', '>', ..] } => null,
            { Name: ['<', .. var name], DeclaringType: { } type } => $"{type.Name}.{name[..name.IndexOf('>', StringComparison.Ordinal)]}",
            var type => $"{type!.Name}.{method.Name}",
        };
    }

    private sealed record PipePair(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
