using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gateway.Server.Configuration;
using Gateway.Server.Hosting.Listening;
using Gateway.Server.Hosting.Logging;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Server.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Server.Hosting;

/// <summary>The running program: what a configuration cannot replace is built here, once, and handed to what needs it.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    // After Limits.StopTimeout a stop has five seconds left, whatever hangs: for what the listeners' clients and the journal still want, then for
    // whatever has to be closed, and in the end for the log.
    private static readonly TimeSpan HostGrace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LogGrace = TimeSpan.FromSeconds(0.5);

    private readonly WebApplication _app;
    private readonly LogWriter _log;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ConfigurationInForce _configuration;
    private readonly CancellationTokenSource _dying;
    private readonly List<(ListenerOptions Options, ListenOptions Bound)> _listeners = [];
    private readonly ILogger _logger;
    private readonly ResolverWatch? _resolverWatch;
    private long? _stopping;

    /// <param name="options">Read and checked.</param>
    /// <param name="sink">Hears of each session besides the log; the lab shows them.</param>
    public GatewayHost(GatewayOptions options, ISessionSink? sink = null)
    {
        var time = _time;
        _dying = new();
        _log = new(Console.OpenStandardOutput(), options.Log.Format == LogFormat.Json ? new JsonLayout() : new TextLayout(), time);
        var builder = WebApplication.CreateEmptyBuilder(new());
        AddLogging(builder.Logging, _log, quiet: sink is not null);
        AddServices(builder.Services, options, time, isLogged: sink is null);
        var late = new LateLoggers(() => _app!.Services.GetRequiredService<ILoggerFactory>());
        _configuration = new(options, () => late, time);
        var connections = new ConnectionCounter();
        builder.WebHost.UseKestrelCore();
        builder.Services.RemoveAll<IConnectionListenerFactory>().AddSingleton<IConnectionListenerFactory, SocketListenerFactory>();
        builder.WebHost.ConfigureKestrel((_, kestrel) => Listen(kestrel, options, connections, time, sink));
        _app = builder.Build();
        _configuration.Changed = Adapt;
        _configuration.Start();
        _app.Run(new Health(connections, new(() => _configuration.Current.Dependencies, time), time).AnswerAsync);
        var loggers = _app.Services.GetRequiredService<ILoggerFactory>();
        _logger = loggers.CreateLogger("Gateway");
        // The lab's resolver is its own.
        _resolverWatch = sink is null ? new(loggers.CreateLogger("Gateway.Policy")) : null;
        foreach (var warning in options.Warnings)
            HostingLog.Advice(_logger, warning.ToString());
        HostingLog.DnsServers(_logger, new(_configuration.Current.DnsServers));
    }

    private static void AddServices(IServiceCollection services, GatewayOptions options, TimeProvider time, bool isLogged)
    {
        services.AddSingleton(time);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout(options));
        if (isLogged)
            services.AddSingleton<SessionLog>();
        if (options.Journal is { } journal)
            services
                .AddSingleton(provider => new JournalWriter(journal, time, provider.GetRequiredService<ILoggerFactory>()))
                .AddHostedService(static provider => provider.GetRequiredService<JournalWriter>());
    }

    private void Listen(KestrelServerOptions kestrel, GatewayOptions options, ConnectionCounter connections, TimeProvider time, ISessionSink? shown)
    {
        kestrel.AddServerHeader = false;
        var services = kestrel.ApplicationServices;
        ISessionSink sink = shown ?? services.GetRequiredService<SessionLog>();
        if (options.Journal is not null)
            sink = new SessionSinks(sink, services.GetRequiredService<JournalWriter>());
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Gateway.Inbound");
        var ids = new SessionIds(time, RandomNumberGenerator.GetInt32(int.MaxValue));
        foreach (var (place, listener) in options.Listeners.Index())
        {
            var handler = new SmtpConnectionHandler(() => _configuration.Current.Listeners[place], connections, ids, sink, time, logger, _dying.Token);
            kestrel.Listen(listener.Endpoint, bound =>
            {
                bound.Run(handler.OnConnectedAsync);
                _listeners.Add((listener, bound));
            });
        }
        if (options.Web is { } web)
            kestrel.Listen(web.Endpoint);
    }

    /// <summary>Where each listener listens, once started, in configuration order.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => [.. _listeners.Select(listener => listener.Bound.IPEndPoint!)];

    /// <summary>The DNS says something else now, whatever time its answers were good for.</summary>
    public void ForgetDns() => _configuration.Current.Resolver.Clear();

    internal GatewaySnapshot Snapshot => _configuration.Current;

    private GatewayOptions Options => _configuration.Current.Options;

    /// <exception cref="IOException">An endpoint is taken, or may not be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _app.Lifetime.ApplicationStopping.Register(() =>
        {
            _stopping = _time.GetTimestamp();
            HostingLog.Stopping(_logger, Options.Limits.StopTimeout.TotalSeconds);
            _dying.CancelAfter(Options.Limits.StopTimeout);
        });
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new IOException(ListenFailure.Describe(Wanted, error), error);
        }
        LookAtResolver();
        foreach (var (options, bound) in _listeners)
            HostingLog.Listening(_logger, bound.IPEndPoint!, options.Profile.Name, options.RefusesAt(options.Profile).ToString());
        foreach (var host in Options.SmartHosts)
            HostingLog.Route(_logger, new(host.Domains), host.ToString());
        if (Options.Users is { } users)
            HostingLog.Users(_logger, users.File, Options.Relay.Authenticated ? "relay anywhere" : "send to accepted domains only");
        if (Options.Relay.Networks.Count > 0)
            HostingLog.RelayNetworks(_logger, new(Options.Relay.Networks.Cast<object>()));
        if (Options.Relay.TrustedProxies.Count > 0)
            HostingLog.TrustedProxies(_logger, new(Options.Relay.TrustedProxies.Cast<object>()), new(
                _listeners.Where(static listener => listener.Options.ProxyProtocol).Select(static listener => listener.Bound.IPEndPoint!.ToString()).DefaultIfEmpty("no listener")));
    }

    /// <summary>Reads the configuration again: new sessions use it, open ones keep what they began with. If it has mistakes, nothing changes.</summary>
    /// <returns>Whether another configuration is in force.</returns>
    public Task<bool> ReloadAsync(Func<GatewayOptions> read) => _configuration.ReloadAsync(read);

    // What was made at the start and can be told otherwise.
    private void Adapt(GatewayOptions options)
    {
        _app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = ShutdownTimeout(options);
        if (options.Journal is { } journal)
            _app.Services.GetService<JournalWriter>()?.Keep(journal.MaxAge, journal.MaxSize);
        LookAtResolver();
    }

    private void LookAtResolver() => _ = _resolverWatch?.LookAsync(Options, _configuration.Current.Resolver, _app.Lifetime.ApplicationStopping);

    private static TimeSpan ShutdownTimeout(GatewayOptions options) => options.Limits.StopTimeout + HostGrace;

    /// <summary>Until SIGTERM or Ctrl-C, and then until the messages in flight are answered.</summary>
    public Task WaitForStopAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    private IReadOnlyList<IPEndPoint> Wanted =>
        [.. Options.Listeners.Select(static listener => listener.Endpoint), .. Options.Web is { } web ? [web.Endpoint] : Array.Empty<IPEndPoint>()];

    private static void AddLogging(ILoggingBuilder logging, LogWriter log, bool quiet)
    {
        logging.SetMinimumLevel(quiet ? LogLevel.Warning : LogLevel.Information);
        // Kestrel's own words about HTTP are not about mail.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A start that fails is thrown, and said in one sentence by whoever started: these would print it twice more.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", static level => level is LogLevel.Warning or LogLevel.Error);
        // The only provider: what the framework, the relay and everybody else logs has the same bounds, and makes nobody wait either.
        logging.AddProvider(log);
    }

    /// <summary>Closes everything. What does not close in time is left to the end of the process, which waits for nothing of it.</summary>
    public async ValueTask DisposeAsync()
    {
        var begun = _stopping ?? _time.GetTimestamp();
        var closing = CloseAsync();
        await Task.WhenAny(closing, Task.Delay(Left(CloseGrace), _time, CancellationToken.None));
        if (closing.IsCompleted)
            await closing;
        await _log.CloseAsync(LogGrace);

        TimeSpan Left(TimeSpan grace) =>
            Options.Limits.StopTimeout + grace - _time.GetElapsedTime(begun) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
    }

    private async Task CloseAsync()
    {
        await _app.DisposeAsync();
        await _configuration.DisposeAsync();
        _dying.Dispose();
    }
}
