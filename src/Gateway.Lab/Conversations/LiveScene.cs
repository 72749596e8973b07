using Gateway.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Lab.Talking;
using Gateway.Policy.Advising;
using Gateway.Smtp;

namespace Gateway.Lab.Conversations;

/// <summary>
/// A running server. Only its lines are known and compared. Its zones, its clock and the answers of its smart host cannot be controlled.
/// </summary>
/// <param name="server">The server, and how a connection gets the client's address.</param>
/// <param name="conversation">The conversation, which may name the client; otherwise the client is this machine.</param>
/// <param name="profile">The profile by which the server is said to judge.</param>
public sealed class LiveScene(ClientConnectRequest server, Conversation conversation, string profile) : IScene
{
    private const string Client = "@client";

    private ConnectMethod _way;

    // What a file says of the server's surroundings, and of what only the server itself knows.
    private static readonly string[] Unknowable =
    [
        "@zone", "@record", "@profile", "@config", "@smarthost", "@at", "@fault", "@advance",
        "@verdict", "@relayed", "@envelope", "@message", "@absent", "@journal", "@unjournal", "@advice", "@unadvised",
    ];

    // What is nothing but a name, or had to be set up on that server anyway.
    private static readonly string[] Harmless = ["HostName", "Relay:AcceptedDomains:", "Relay:TrustedProxies:", "Users:File"];

    /// <summary>Why the conversation cannot be played here: it is about other circumstances. Null when it can.</summary>
    public string? Obstacle
    {
        get
        {
            var setting = conversation.Setting;
            if (setting.Profile != profile)
                return $"it is for a receiver with profile {setting.Profile}, but this server has the profile {profile} (--profile)";
            string[] wanted = [.. Wanted(setting).Distinct()];
            return wanted.Length == 0 ? null : $"it needs {string.Join(", ", wanted)}, which cannot be set on a server elsewhere";
        }
    }

    private IEnumerable<string> Wanted(ConversationSetting setting)
    {
        if (setting.Zones.Count > 0)
            yield return "@zone";
        if (setting.Records.Count > 0)
            yield return "@record";
        if (setting.Faults.Count > 0 || conversation.Steps.Any(static step => step is Step.SetFault))
            yield return "@fault";
        if (setting.SmartHost.Count > 0 || setting.SmartHosts.Count > 0 || conversation.Steps.Any(static step => step is Step.SmartHost))
            yield return "@smarthost";
        foreach (var (key, _) in setting.Overrides)
            if (!Array.Exists(Harmless, harmless => key.StartsWith(harmless, StringComparison.OrdinalIgnoreCase)))
                yield return $"@config {key}";
        // How long a server waits depends on what it remembers: its answer to a wrong password comes later each time.
        if (conversation.Steps.Any(static step => step is Step.Advance))
            yield return "@advance";
    }

    public TimeProvider Time => TimeProvider.System;

    public IReadOnlyList<string>? Journal => null;

    /// <summary>The directives of the file that are passed over here.</summary>
    public IReadOnlyList<string> PassedOver =>
        [.. conversation.Setting.Directives.Intersect(server.Method == ConnectMethod.Direct ? [Client, .. Unknowable] : Unknowable)];

    /// <summary>The server, as people write it.</summary>
    public string Server => server.Server.Shown();

    public async ValueTask<SmtpConnection> ConnectAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        var request = conversation.Setting.Directives.Contains(Client)
            ? server with { Client = conversation.Setting.Client }
            // A PROXY listener demands its header all the same; the header then names no client.
            : server with { Method = server.Method is ConnectMethod.Proxy or ConnectMethod.ProxyV1 ? server.Method : ConnectMethod.Direct };
        return await new ClientConnector(tell, Time).OpenAsync(request, cancellationToken) switch
        {
            ClientConnectResult.Reached reached => Reached(reached),
            ClientConnectResult.Failed failed => throw new CannotConnectException(failed.Problem),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }

    private SmtpConnection Reached(ClientConnectResult.Reached reached)
    {
        _way = reached.Method;
        return reached.Connection;
    }

    public string? HintAt(IReadOnlyList<TranscriptLine> transcript)
    {
        var isHeaderSent = _way is ConnectMethod.Proxy or ConnectMethod.ProxyV1;
        string[] heard = [.. transcript.Where(static line => line.Speaker == Speaker.Server).Select(static line => line.Text)];
        return heard switch
        {
            // With XCLIENT, the server has greeted this machine before.
            [] => _way == ConnectMethod.Xclient ? null : ClientConnector.Hint(_way),
            // A server that expects no PROXY header answers the header as if it were a command. This reply may be that answer.
            [.. var greeting, ['5', ..]] when isHeaderSent && Array.TrueForAll(greeting, static line => line.StartsWith("220", StringComparison.Ordinal)) => ClientConnector.Hint(_way),
            _ => null,
        };
    }

    public ValueTask<bool> TryAdvanceAsync(TimeSpan duration, bool isReplyDue, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    public bool TryDirect(SmartHostAnswer answer, string? smartHost) => false;

    public IReadOnlyList<CapturedMessage>? TakenBy(string? smartHost) => null;

    public bool TryMisbehave(FaultChange change) => false;

    public ValueTask<PolicyDecision?> EndAsync(CancellationToken cancellationToken) => ValueTask.FromResult<PolicyDecision?>(null);

    public ValueTask<Remedy?> AdviseAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Remedy?>(null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
