using System.Security.Cryptography.X509Certificates;
using Gateway.Server.Configuration;

namespace Gateway.Server.Delivery;

/// <summary>
/// The authorities of <c>SmartHosts[].CaFile</c>. The file is looked at every few seconds, off the mail path, and read again when
/// it has changed; one that cannot be used changes nothing, and the log says so once. Safe for concurrent use: connections
/// read a snapshot, and the timer alone writes.
/// </summary>
#pragma warning disable CA1001 // Connectors share it from one configuration to the next: the timer ends when nobody holds it any more.
internal sealed class TrustedAuthorities
#pragma warning restore CA1001
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly string _file;
    private readonly Func<ILogger> _logger;
    private readonly ITimer _timer;
    private volatile X509Certificate2Collection _current;
    private (DateTime Written, long Length) _stamp;
    private int _isLooking;

    /// <exception cref="IOException">The file cannot be used.</exception>
    public TrustedAuthorities(string file, TimeProvider time, Func<ILogger> logger)
    {
        _file = file;
        _logger = logger;
        _stamp = Stamp();
        _current = AuthorityFile.Load(file);
        _timer = time.CreateTimer(static self => LookIfUsed((WeakReference<TrustedAuthorities>)self!), new WeakReference<TrustedAuthorities>(this), Interval, Interval);
    }

    /// <summary>Never disposed, whatever replaces it: a handshake may still be looking at it.</summary>
    public X509Certificate2Collection Current => _current;

    private static void LookIfUsed(WeakReference<TrustedAuthorities> weak)
    {
        if (weak.TryGetTarget(out var self))
            self.Look();
        // Only a timer that is referred to goes on: this is what its owner holds it for.
        GC.KeepAlive(self?._timer);
    }

    private void Look()
    {
        // A disk that takes longer than the interval is not asked twice at once.
        if (Interlocked.Exchange(ref _isLooking, 1) == 1)
            return;
        try
        {
            var stamp = Stamp();
            if (stamp == _stamp)
                return;
            _stamp = stamp;
            _current = AuthorityFile.Load(_file);
            RelayLog.AuthoritiesRead(_logger(), _file, _current.Count);
        }
        catch (IOException error)
        {
            RelayLog.AuthoritiesKept(_logger(), _file, error.Message);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private (DateTime Written, long Length) Stamp() => new FileInfo(_file) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;
}
