using System.Net.Sockets;
using Gateway.Dns;
using Gateway.Policy;

namespace Gateway.Lab;

/// <summary>
/// A server that runs somewhere: what it says is heard and judged, and nothing else is known of it. It cannot be told which zones
/// exist, what time it is, or how its smart host answers.
/// </summary>
/// <param name="connect">Makes a connection.</param>
public sealed class LiveScene(Func<CancellationToken, ValueTask<Stream>> connect) : IScene
{
    // What a file says of the server's surroundings, and of what only the server itself knows.
    private static readonly string[] Unknowable =
    [
        "@client", "@zone", "@profile", "@config", "@smarthost", "@fault", "@advance",
        "@verdict", "@relayed", "@envelope", "@message", "@absent", "@journal", "@advice", "@unadvised",
    ];

    public TimeProvider Time => TimeProvider.System;

    public IReadOnlyList<CapturedMessage>? Relayed => null;

    public IReadOnlyList<string>? Journal => null;

    /// <summary>The directives of a file that are passed over here.</summary>
    public static IReadOnlyList<string> PassedOver(Conversation conversation) => [.. conversation.Setting.Directives.Intersect(Unknowable)];

    /// <exception cref="CannotConnectException">Nobody is there, or nobody answers.</exception>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connect(cancellationToken);
        }
        catch (Exception trouble) when (trouble is SocketException or IOException and not CannotConnectException)
        {
            throw new CannotConnectException(trouble.Message, trouble);
        }
    }

    public bool TryAdvance(TimeSpan duration) => false;

    public bool TryDirect(SmartHostAnswer answer) => false;

    public bool TryMisbehave(FaultChange change) => false;

    public ValueTask<PolicyDecision?> EndAsync(CancellationToken cancellationToken) => ValueTask.FromResult<PolicyDecision?>(null);

    public ValueTask<Remedy?> AdviseAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Remedy?>(null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
