using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Smtp.Tests.Client;

/// <summary>
/// A server on a loopback port, for one connection, that is exact to the octet: it waits for the octets that the script expects,
/// then says what the script says in one segment. When the script is over it listens until the client hangs up.
/// </summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    /// <summary>What the handshake and the envelope of <see cref="Samples"/> look like to a server with PIPELINING.</summary>
    public const string Ehlo = "EHLO gateway.test\r\n", Offer = "250-peer\r\n250 PIPELINING\r\n",
        Envelope = "MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\nDATA\r\n", Accepted = "250 mail\r\n250 rcpt\r\n354 go\r\n",
        Message = Samples.Text + ".\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Socket> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly (string Expects, string Says)[] _script;
    private readonly Task<string> _running;

    public ScriptedPeer(params (string Expects, string Says)[] script)
    {
        _script = script;
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>The script's beginning: a greeting and the reply to EHLO.</summary>
    public static ScriptedPeer Greeting(params (string Expects, string Says)[] script) => new([("", "220 peer\r\n"), (Ehlo, Offer), .. script]);

    public Task<ConnectResult> TryConnectAsync() => SmtpClient.ConnectAsync(
        _listener.LocalEndpoint, Samples.Options, TimeProvider.System, TestContext.Current.CancellationToken);

    public async Task<SmtpClient> ConnectAsync() => Assert.IsType<ConnectResult.Connected>(await TryConnectAsync()).Client;

    /// <summary>Says something that nobody asked for, and returns when the other side has it.</summary>
    public async Task SayAsync(string text)
    {
        var socket = await _accepted.Task;
        await socket.SendAsync(Encoding.Latin1.GetBytes(text), _stop.Token);
        await ArrivedAsync(socket, _stop.Token);
    }

    /// <summary>What came behind the last thing that was expected, until the client hung up.</summary>
    public Task<string> HeardBehindAsync() => _running.WaitAsync(TestContext.Current.CancellationToken);

    private async Task<string> RunAsync()
    {
        using var socket = await _listener.AcceptSocketAsync(_stop.Token);
        socket.NoDelay = true;
        _accepted.SetResult(socket);
        var buffer = new byte[65_536];
        foreach (var (expects, says) in _script)
        {
            var heard = 0;
            while (heard < expects.Length && await socket.ReceiveAsync(buffer.AsMemory(heard, expects.Length - heard), _stop.Token) is > 0 and var read)
                heard += read;
            Assert.Equal(expects, Encoding.Latin1.GetString(buffer, 0, heard));
            await socket.SendAsync(Encoding.Latin1.GetBytes(says), _stop.Token);
        }
        var rest = new StringBuilder();
        try
        {
            while (await socket.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
                rest.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // It hung up with something unread.
        }
        return rest.ToString();
    }

    /// <summary>What was sent is in the other side's socket when it has acknowledged it (Linux); elsewhere loopback has it at once.</summary>
    private static async Task ArrivedAsync(Socket socket, CancellationToken cancellationToken)
    {
        const int tcp = 6, tcpInfo = 11, unacknowledged = 24;
        var info = new byte[104];
        while (OperatingSystem.IsLinux() && socket.GetRawSocketOption(tcp, tcpInfo, info) > unacknowledged
            && BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(unacknowledged)) > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // The test did not want to know the rest.
        }
        _stop.Dispose();
    }
}
