using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using Gateway.Dns;
using Gateway.Lab.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Policy;
using Gateway.Policy.Advising;
using Gateway.Server.Configuration;
using Gateway.Server.Delivery;
using Gateway.Server.Hosting;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Lab.Conversations;

/// <summary>
/// The whole gateway in memory, for one connection at a time: any client address, the lab's zones, a clock that stands still, and a smart host
/// on loopback. Only the client's connection and the clock are replaced. Policy, relay control, trace fields and relay are the product's.
/// </summary>
public sealed class MemoryScene : IScene, ISessionSink
{
    private static readonly DateTimeOffset Start = new(2006, 3, 6, 10, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    private readonly StagedTime _time = new(Start);
    private readonly CapturingSmartHost _smartHost;
    private readonly Dictionary<string, CapturingSmartHost> _named = [];
    private readonly LabCertificate? _certificate;
    private readonly SmartHostRelay _relay;
    private readonly FaultTable _faults;
    private readonly SessionAdvice _advice;
    private readonly SmtpConnectionHandler _door;
    private readonly IPAddress _client;
    private SmtpConnection? _connection;
    private Task _session = Task.CompletedTask;
    private ImmutableList<SessionRecord> _records = [];

    /// <exception cref="ConfigurationException">An override is no configuration.</exception>
    public MemoryScene(Conversation conversation)
    {
        var setting = conversation.Setting;
        _smartHost = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), null, _time);
        foreach (var answer in setting.SmartHost)
            _smartHost.Direct(answer);
        foreach (var host in setting.SmartHosts)
            _named.Add(host.Name, CapturingSmartHost.Start(new(IPAddress.Loopback, 0), null, _time));
        _certificate = conversation.Steps.Any(step => step is Step.Secure) || setting.Overrides.Any(static pair => pair.Key.StartsWith("Users:", StringComparison.OrdinalIgnoreCase)) ? LabCertificate.Create(ConversationSetting.UsualHostName, Start) : null;
        var options = Configure(conversation);
        (var zones, _faults) = LabZones.Load(setting.Zones);
        foreach (var change in setting.Faults)
            change.ApplyTo(_faults);
        var resolver = new OverlayResolver(new ZoneResolver(zones, _faults, _time), setting.Records);
        // Asked when nobody moves the staged clock any more: what is late must come by itself.
        _advice = new(new OverlayResolver(new ZoneResolver(zones, _faults, TimeProvider.System), setting.Records), new() { Deadline = options.Dns.Deadline }, TimeProvider.System);
        _relay = new SmartHostRelay(options, resolver, _time);
        var listener = new InboundParts(options, resolver, OwnCertificate.Load(options.Tls), _time).Listener(options.Listeners[0], _relay);
        _door = new SmtpConnectionHandler(
            () => listener, new ConnectionCounter(), new SessionIds(_time, 0), this, _time, NullLogger.Instance, CancellationToken.None);
        _client = setting.Client;
    }

    public TimeProvider Time => _time;

    public async ValueTask<SmtpConnection> ConnectAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        await _session.WaitAsync(cancellationToken);
        var (client, server) = Connect(_client);
        // The client waits on the real clock: the staged one may stand still.
        _connection = SmtpConnection.Over(client, TimeProvider.System, client.FinishWritingAsync);
        _session = ServeAsync(_door, server);
        return _connection;
    }

    public IReadOnlyList<CapturedMessage> TakenBy(string? smartHost) => Called(smartHost).Messages;

    private CapturingSmartHost Called(string? name) => name is null ? _smartHost : _named[name];

    /// <summary>What each session left behind that has ended, oldest first.</summary>
    public IReadOnlyList<SessionRecord> Records => Volatile.Read(ref _records);

    /// <summary>What the last of them left behind.</summary>
    public SessionRecord? Record => Records is [.., var last] ? last : null;

    public IReadOnlyList<string>? Journal => Record is { } record ? SessionLines.Of(record) : null;

    public async ValueTask<Remedy?> AdviseAsync(CancellationToken cancellationToken) =>
        Record is { } record ? await AdviseAsync(record, cancellationToken) : null;

    /// <summary>What the client of a session had to publish then, as the zones are now.</summary>
    public Task<Remedy?> AdviseAsync(SessionRecord session, CancellationToken cancellationToken) => _advice.OfAsync(session, cancellationToken);

    public async ValueTask<bool> TryAdvanceAsync(TimeSpan duration, bool isReplyDue, CancellationToken cancellationToken)
    {
        // Behind TLS, or after work on another thread, the server may still be on its way to where it waits for the clock.
        for (var i = 0; isReplyDue && i < 250 && !_time.IsAwaitedWithin(duration); i++)
            await Task.Delay(Moment, TimeProvider.System, cancellationToken);
        _time.Advance(duration);
        return true;
    }

    public bool TryDirect(SmartHostAnswer answer, string? smartHost)
    {
        Called(smartHost).Direct(answer);
        return true;
    }

    public bool TryMisbehave(FaultChange change)
    {
        change.ApplyTo(_faults);
        return true;
    }

    public async ValueTask<PolicyDecision?> EndAsync(CancellationToken cancellationToken)
    {
        await _session.WaitAsync(cancellationToken);
        return Record?.Verdict is { } verdict ? new(verdict.Decision, verdict.DecidedBy?.Check) : new(Decision.Continue, null);
    }

    void ISessionSink.Ended(SessionRecord session) => ImmutableInterlocked.Update(ref _records, static (records, session) => records.Add(session), session);

    private GatewayOptions Configure(Conversation conversation)
    {
        var setting = conversation.Setting;
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["HostName"] = ConversationSetting.UsualHostName,
            ["Listeners:0:Endpoint"] = "127.0.0.1:0",
            ["Listeners:0:Profile"] = setting.Profile,
            ["Policy:ExemptPrivate"] = "false",
            ["Relay:AcceptedDomains:0"] = "gateway.test",
        };
        // The first that fits takes it: the usual one stands behind those that have domains of their own.
        for (var i = 0; i < setting.SmartHosts.Count; i++)
            AddSmartHost(keys, i, _named[setting.SmartHosts[i].Name], setting.SmartHosts[i].Domains);
        AddSmartHost(keys, setting.SmartHosts.Count, _smartHost, []);
        if (_certificate is not null)
        {
            keys["Tls:CertificateFile"] = _certificate.CertificateFile;
            keys["Tls:KeyFile"] = _certificate.KeyFile;
        }
        foreach (var (key, value) in setting.Overrides)
            keys[key] = value;
        // The certificates here are made for the moment, and no authority has signed them.
        foreach (var (number, host) in setting.SmartHosts.Select(named => _named[named.Name]).Append(_smartHost).Index())
            if (keys.GetValueOrDefault($"SmartHosts:{number}:Tls") == nameof(TlsUse.Required))
                keys[$"SmartHosts:{number}:PinnedKeys:0"] = host.PublicKey.ToString();
        // A conversation brings the profiles and the users that no product should come with: they stand beside it.
        foreach (var key in new[] { "Policy:ProfilesFolder", "Users:File" })
            if (keys.TryGetValue(key, out var path))
                keys[key] = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(conversation.Path))!, path);
        return ConfigurationLoader.FromJson(JsonSerializer.Serialize(keys));
    }

    private static void AddSmartHost(Dictionary<string, string> keys, int number, CapturingSmartHost host, IReadOnlyList<string> domains)
    {
        keys[$"SmartHosts:{number}:Host"] = host.Endpoint.Address.ToString();
        keys[$"SmartHosts:{number}:Port"] = host.Endpoint.Port.ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < domains.Count; i++)
            keys[$"SmartHosts:{number}:Domains:{i}"] = domains[i];
    }

    // The server reads within the client's write, so that every cut of the octets is really seen as one.
    private static (DuplexStream Client, ConnectionContext Server) Connect(IPAddress client)
    {
        var options = new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.ThreadPool, pauseWriterThreshold: 0, useSynchronizationContext: false);
        var toServer = new Pipe(options);
        var toClient = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        var near = new PipePair(toClient.Reader, toServer.Writer);
        return (new DuplexStream(near), new DefaultConnectionContext("conversation", new PipePair(toServer.Reader, toClient.Writer), near)
        {
            RemoteEndPoint = new IPEndPoint(client, 40_000),
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 25),
        });
    }

    private static async Task ServeAsync(SmtpConnectionHandler door, ConnectionContext connection)
    {
        await door.OnConnectedAsync(connection);
        await connection.Transport.Output.CompleteAsync();
        await connection.Transport.Input.CompleteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        // Whoever still waits for the staged clock would wait for ever.
        while (await Task.WhenAny(_session, Task.Delay(Moment, TimeProvider.System)) != _session)
            _time.Advance(TimeSpan.FromMinutes(1));
        await _session;
        await _relay.DisposeAsync();
        await _smartHost.DisposeAsync();
        foreach (var host in _named.Values)
            await host.DisposeAsync();
        _certificate?.Dispose();
    }

    private sealed record PipePair(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
