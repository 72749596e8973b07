using System.Net;
using System.Net.Sockets;
using Gateway.Configuration;
using Gateway.Lab;

namespace Gateway.Cli.Playing;

/// <summary>Plays conversations one after the other, in memory or against a server, and shows them while it does.</summary>
internal sealed class Theatre(IPerformanceView view, TimeSpan patience)
{
    // A host that does not answer at all need not be waited for as long as systems do.
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private readonly List<Performance> _performances = [];

    /// <summary>All that were played are as written.</summary>
    public bool IsFaithful => _performances.TrueForAll(static performance => performance.IsFaithful);

    /// <summary>All have been played.</summary>
    public void Sum() => view.Sum(_performances);

    /// <exception cref="ConversationFormatException">The circumstances that the file asks for cannot be made.</exception>
    public static MemoryScene Stage(Conversation conversation)
    {
        try
        {
            return new MemoryScene(conversation);
        }
        catch (ConfigurationException wrong)
        {
            throw new ConversationFormatException([.. wrong.Errors.Select(error => $"{conversation.Path}: {error}")]);
        }
    }

    public static LiveScene Reach(DnsEndPoint server) => new(cancellation => ConnectAsync(server, cancellation));

    /// <param name="conversation">What is played.</param>
    /// <param name="scene">Where.</param>
    /// <param name="server">The server's name for the reader; null in memory.</param>
    /// <param name="cancellationToken">Nobody wants to see the rest.</param>
    /// <returns>Null when there was nobody to talk to.</returns>
    public async Task<Performance?> PlayAsync(Conversation conversation, IScene scene, string? server, CancellationToken cancellationToken)
    {
        view.Begin(conversation, server);
        try
        {
            var performance = await new ConversationPlayer(scene.Time, patience, view.Said).PlayAsync(conversation, scene, Chunking.Whole, cancellationToken);
            view.End(performance);
            _performances.Add(performance);
            return performance;
        }
        catch (CannotConnectException nobody)
        {
            view.Unreachable(conversation, nobody);
            return null;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var late = new CancellationTokenSource(ConnectPatience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(server, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new CannotConnectException($"{server.Host}:{server.Port} did not answer within {ConnectPatience.TotalSeconds:0} s", null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
