using System.Net;
using System.Net.Sockets;
using Gateway.Dns;
using Gateway.Server.Configuration;

namespace Gateway.Lab.Dns;

/// <summary>
/// The lab's DNS: serves the zones to the lab and to whoever else asks, and reads a folder of zones again when a file in it
/// changes. Wrong files change nothing.
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

    /// <param name="wanted">Exactly there; port 0 is any free port.</param>
    /// <param name="folder">Zone files beside the lab's own; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ConfigurationException">With every mistake in the zone files.</exception>
    /// <exception cref="IOException">The endpoint cannot be had.</exception>
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
            throw new IOException($"the lab's DNS cannot have {server.EndPoint}: {error.Message}", error);
        }
        return new(server, files.Faults, folder, stamp, time);
    }

    /// <summary>From here on the folder is read again when it changes.</summary>
    /// <param name="changed">Other zones are served now.</param>
    /// <param name="refused">The files are wrong, and what was served before stays.</param>
    public void Watch(Action changed, Action<IReadOnlyList<ConfigurationError>> refused)
    {
        if (_folder is not null)
            _watching = WatchAsync(_folder, changed, refused, _stop.Token);
    }

    // Asked now and then: what the system tells of changes does not come through every mount. A file that is still being
    // written changes once more, so it is read when it has been left alone for one interval.
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

    // Only what the files say otherwise than before: faults that were typed in meanwhile stay.
    private void Serve(ZoneFiles files)
    {
        _server.Zones = files.Zones;
        foreach (var gone in _faults.Except(files.Faults))
            Faults.Clear(gone.Name, gone.Type);
        foreach (var rule in files.Faults.Except(_faults))
            Faults.Set(rule.Name, rule.Type, rule.Fault);
        _faults = files.Faults;
    }

    /// <summary>Every name behaves as the files say, whatever was typed in since.</summary>
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
