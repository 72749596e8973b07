using Gateway.Server.Configuration;

namespace Gateway.Server.Hosting;

/// <summary>
/// The configuration in force: one reference to a snapshot, read by each connection when it comes, and swapped whole. One change is made at a
/// time; whatever is wrong with the new configuration, the old one stays.
/// </summary>
internal sealed class ConfigurationInForce : IAsyncDisposable
{
    /// <summary>How often the certificate's files are looked at: certificates are renewed days before they expire.</summary>
    public static readonly TimeSpan CertificateInterval = TimeSpan.FromSeconds(30);

    // More would be no help in a log: "gateway config check" names them all.
    private const int MaxMistakes = 20;

    private readonly SemaphoreSlim _changing = new(1);
    private readonly Func<ILoggerFactory> _loggers;
    private readonly TimeProvider _time;
    private readonly CurrentResolver _smartHostNames;
    private readonly GatewayOptions _started;
    private volatile GatewaySnapshot _current;
    private CertificateWatch? _certificate;
    private ITimer? _timer;
    private int _isAsked;
    private bool _isClosed;

    /// <exception cref="ConfigurationException">The certificate is not what it was when the configuration was checked.</exception>
    /// <exception cref="IOException">The users file or a file of authorities is not.</exception>
    public ConfigurationInForce(GatewayOptions options, Func<ILoggerFactory> loggers, TimeProvider time)
    {
        _started = options;
        (_loggers, _time) = (loggers, time);
        _smartHostNames = new(() => _current!);
        _current = new(options, _smartHostNames, loggers, time, before: null);
    }

    public GatewaySnapshot Current => _current;

    /// <summary>Hears of each snapshot that comes into force.</summary>
    public Action<GatewayOptions> Changed { get; set; } = static _ => { };

    /// <summary>The log is there: what changes by itself is looked for from now on.</summary>
    public void Start()
    {
        _current.LogTo(_loggers().CreateLogger("Gateway.Users"));
        _certificate = new(Logger);
        _timer = _time.CreateTimer(static self => _ = ((ConfigurationInForce)self!).LookAtCertificateAsync(), this, CertificateInterval, CertificateInterval);
    }

    private ILogger Logger => _loggers().CreateLogger("Gateway");

    /// <summary>Reads the configuration again. Who asks while somebody waits for his turn is served with him.</summary>
    /// <returns>Whether another one is in force.</returns>
    public async Task<bool> ReloadAsync(Func<GatewayOptions> read)
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 1)
            return false;
        return await ChangeAsync(() =>
        {
            Volatile.Write(ref _isAsked, 0);
            var options = read();
            foreach (var warning in options.Warnings)
                HostingLog.Advice(Logger, warning.ToString());
            foreach (var change in RestartNeeds.Of(_started, options))
                HostingLog.NeedsRestart(Logger, change);
            return options;
        }, () => HostingLog.Reloaded(Logger));
    }

    /// <summary>Looks whether the certificate was renewed.</summary>
    public Task<bool> LookAtCertificateAsync() => ChangeAsync(
        () => _current is { Options: { Tls: { } tls } options, Certificate: { } inUse } && _certificate!.HasChanged(tls, inUse) ? options : null,
        () => HostingLog.CertificateRenewed(Logger, _current.Options.Tls!.CertificateFile));

    private async Task<bool> ChangeAsync(Func<GatewayOptions?> read, Action tell)
    {
        await _changing.WaitAsync();
        try
        {
            if (_isClosed || read() is not { } options)
                return false;
            var before = _current;
            var next = new GatewaySnapshot(options, _smartHostNames, _loggers, _time, before);
            next.LogTo(_loggers().CreateLogger("Gateway.Users"));
            _current = next;
            Changed(options);
            tell();
            before.RetireFor(next);
            return true;
        }
        catch (ConfigurationException wrong)
        {
            HostingLog.NotReloaded(Logger, wrong.Errors.Count, new(wrong.Errors.Take(MaxMistakes), "; "));
        }
#pragma warning disable CA1031 // A file that fails, or a bug: neither is a reason to stop serving by the configuration that works.
        catch (Exception error)
#pragma warning restore CA1031
        {
            HostingLog.ReloadFailed(Logger, error);
        }
        finally
        {
            _changing.Release();
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        await _changing.WaitAsync();
        _isClosed = true;
        _changing.Release();
        _current.ResolverOutages.Retire();
        await _current.Relay.DisposeAsync();
    }
}
