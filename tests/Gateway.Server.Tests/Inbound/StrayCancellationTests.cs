using System.IO.Pipelines;
using System.Net;
using System.Text;
using Gateway.Dns;
using Gateway.Server.Configuration;
using Gateway.Server.Hosting;
using Gateway.Server.Hosting.Logging;
using Gateway.Server.Inbound;
using Gateway.Server.Tests.Hosting.Logging;
using Gateway.Smtp;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Inbound;

public sealed class StrayCancellationTests : ISessionSink
{
    private static readonly string[] Settings =
        ["HostName=mx.gateway.test", "Listeners:0:Endpoint=127.0.0.1:25", "Dns:Servers:0=127.0.0.1:9", "Relay:AcceptedDomains:0=gateway.test", "SmartHosts:0:Host=127.0.0.1", "Limits:RefuseEarlyInput=false"];

    private SessionRecord? _ended;

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_logged_as_the_bug_that_it_is()
    {
        var replies = "";
        var log = await LogOutput.OfAsync(new TextLayout(), async logger => replies = await PlayAsync(logger, dying: CancellationToken.None));

        Assert.Contains("\r\n421 4.3.0 ", replies, StringComparison.Ordinal);
        Assert.Contains($"ERROR session {_ended!.Id} ended because of a bug in the gateway; the client got 421 and keeps its message | System.OperationCanceledException: ", log, StringComparison.Ordinal);
        Assert.Equal(SessionEnd.Failed, _ended.End);
    }

    [Fact]
    public async Task A_cancellation_by_the_stop_is_no_bug()
    {
        var log = await LogOutput.OfAsync(new TextLayout(), logger => PlayAsync(logger, dying: new(canceled: true)));

        Assert.Empty(log);
        Assert.Equal(SessionEnd.Stopping, _ended!.End);
    }

    void ISessionSink.Ended(SessionRecord session) => _ended = session;

    /// <summary>A session up to the recipient, where somebody throws.</summary>
    private async Task<string> PlayAsync(ILogger logger, CancellationToken dying)
    {
        var options = ConfigurationLoader.Load(null, Settings);
        var listener = new InboundParts(options, new StubResolver(new(), TimeProvider.System), OwnCertificate.Load(options.Tls), TimeProvider.System)
            .Listener(options.Listeners[0], new CancelledRelay());
        var door = new SmtpConnectionHandler(
            () => listener, new ConnectionCounter(), new SessionIds(TimeProvider.System, 0), this, TimeProvider.System, logger, dying);
        var inline = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);
        var (toServer, toClient) = (new Pipe(inline), new Pipe(inline));
        await toServer.Writer.WriteAsync(Encoding.ASCII.GetBytes("EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\n"), CancellationToken.None);
        await toServer.Writer.CompleteAsync();
        var near = new PipePair(toClient.Reader, toServer.Writer);
        await door.OnConnectedAsync(new DefaultConnectionContext("test", new PipePair(toServer.Reader, toClient.Writer), near)
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 40_000),
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 25),
        }).WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        await toClient.Writer.CompleteAsync();
        return toClient.Reader.TryRead(out var read) ? Encoding.ASCII.GetString(read.Buffer) : "";
    }

    private sealed class CancelledRelay : IRelay
    {
        public INextHop? NextHopOf(ForwardPath recipient) => throw new OperationCanceledException("nobody asked for it");
    }

    private sealed record PipePair(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
