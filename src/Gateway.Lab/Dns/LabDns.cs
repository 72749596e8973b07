using System.Net;
using System.Net.Sockets;
using Gateway.Dns;
using Gateway.Server.Configuration;

namespace Gateway.Lab.Dns;

/// <summary>
/// The lab's DNS server. It answers the lab and other programs, and reads a folder of zones again when a file in it
/// changes. If a file has a mistake, it serves the previous zones.
/// </summary>
internal sealed class LabDns : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly AuthoritativeServer _server;
    private readonly string? _folder;
    private readonly string _stamp;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private IReadOnlyList<FaultRule> _faults;
    private Task _watching = Task.CompletedTask;

    private LabDns(AuthoritativeServer server, IReadOnlyList<FaultRule> faults, string? folder, string stamp, TimeProvider time) =>
        (_server, _faults, _folder, _stamp, _time) = (server, faults, folder, stamp, time);

    public IPEndPoint Endpoint => _server.EndPoint;

    public FaultTable Faults => _server.Faults;

    /// <param name="wanted">The endpoint to listen on; port 0 picks a free port.</param>
    /// <param name="folder">A folder with more zone files; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ConfigurationException">The zone files have mistakes; the exception lists all of them.</exception>
    /// <exception cref="IOException">The server cannot listen on the endpoint.</exception>
    public static async Task<LabDns> StartAsync(IPEndPoint wanted, string? folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var stamp = folder is null ? "" : StampOf(folder);
        var files = ZoneFiles.Read(folder);
        if (files.Mistakes.Count > 0)
            throw new ConfigurationException(files.Mistakes) { Subject = "the zones have" };
        var server = new AuthoritativeServer(wanted, files.Zones, new(files.Faults), time);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (SocketException error)
        {
            await server.DisposeAsync();
            throw new IOException($"the lab's DNS server cannot listen on {server.EndPoint}: {error.Message}", error);
        }
        return new(server, files.Faults, folder, stamp, time);
    }

    /// <summary>Starts to read the folder again whenever it changes.</summary>
    /// <param name="changed">Called when new zones are served.</param>
    /// <param name="refused">Called with the mistakes when the files cannot be used and the previous zones stay.</param>
    public void Watch(Action changed, Action<IReadOnlyList<ConfigurationError>> refused)
    {
        if (_folder is not null)
            _watching = WatchAsync(_folder, changed, refused, _stop.Token);
    }

    // The folder is polled, because change notifications do not work on every mount. A file may still be being written,
    // so it is read only after it stayed unchanged for one interval.
    private async Task WatchAsync(string folder, Action changed, Action<IReadOnlyList<ConfigurationError>> refused, CancellationToken stop)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, _time);
            var read = _stamp;
            var last = read;
            while (await timer.WaitForNextTickAsync(stop))
            {
                var stamp = StampOf(folder);
                if (stamp == last && stamp != read)
                {
                    read = stamp;
                    var files = ZoneFiles.Read(folder);
                    if (files.Mistakes.Count > 0)
                        refused(files.Mistakes);
                    else
                    {
                        Serve(files);
                        changed();
                    }
                }
                last = stamp;
            }
        }
        catch (OperationCanceledException)
        {
            // The lab closes.
        }
    }

    // Only the faults that changed in the files are changed. Faults that were typed in stay.
    private void Serve(ZoneFiles files)
    {
        _server.Zones = files.Zones;
        foreach (var gone in _faults.Except(files.Faults))
            Faults.Clear(gone.Name, gone.Type);
        foreach (var rule in files.Faults.Except(_faults))
            Faults.Set(rule.Name, rule.Type, rule.Fault);
        _faults = files.Faults;
    }

    /// <summary>Ends all faults that were typed in; those of the files stay.</summary>
    public void RestoreFaults()
    {
        var files = _faults;
        foreach (var typed in Faults.Rules.Except(files))
            Faults.Clear(typed.Name, typed.Type);
        foreach (var rule in files.Except(Faults.Rules))
            Faults.Set(rule.Name, rule.Type, rule.Fault);
    }

    private static string StampOf(string folder)
    {
        try
        {
            return string.Join('\n', new DirectoryInfo(folder).EnumerateFiles()
                .Select(file => $"{file.Name} {file.LastWriteTimeUtc.Ticks} {file.Length}").Order(StringComparer.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        await _server.DisposeAsync();
        _stop.Dispose();
    }
}
