using System.Net;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Smtp;

namespace Gateway.Relay;

/// <summary>A connection on loan, or why there is none.</summary>
/// <param name="Client">Null when the smart host cannot be had.</param>
/// <param name="Server">Where it leads.</param>
/// <param name="WasReused">It has carried messages before, so it may have died meanwhile.</param>
/// <param name="Failure">Why there is none.</param>
internal readonly record struct Lease(SmtpClient? Client, IPEndPoint? Server, bool WasReused, string? Failure);

/// <summary>
/// Open connections to one smart host. The one used last is lent first, so that the rest can grow old and be closed. A
/// lock guards the stack; nothing is awaited under it.
/// </summary>
internal sealed class SmartHostPool : IAsyncDisposable
{
    private readonly Stack<(SmtpClient Client, IPEndPoint Server, long Since)> _idle = new();
    private readonly SemaphoreSlim _places;
    private readonly SmartHostOptions _options;
    private readonly SmtpClientOptions _clientOptions;
    private readonly SmartHostAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    public SmartHostPool(SmartHostOptions options, string heloName, IDnsResolver resolver, TimeProvider time)
    {
        _options = options;
        _time = time;
        _places = new(options.MaxConnections);
        _addresses = new(options, resolver);
        _clientOptions = new()
        {
            HeloName = heloName,
            Tls = options.Tls,
            TlsHostName = options.Host,
            Credentials = options is { UserName: { } user, Password: { } password } ? new(user, password) : null,
            RefuseUnannouncedEightBit = options.EightBit == EightBitHandling.Refuse,
            ConnectTimeout = options.ConnectTimeout,
        };
        _sweep = time.CreateTimer(static pool => ((SmartHostPool)pool!).CloseOld(), this, options.IdleTimeout, options.IdleTimeout);
    }

    /// <param name="fresh">A new connection, whatever lies idle: after a reused one has failed.</param>
    /// <param name="cancellationToken">Ends the wait for a place.</param>
    public async ValueTask<Lease> RentAsync(bool fresh, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            while (!fresh && TakeIdle() is { } idle)
            {
                if (idle.Client.LooksAlive())
                    return new(idle.Client, idle.Server, WasReused: true, null);
                await idle.Client.DisposeAsync();
            }
            var lease = await ConnectAsync(cancellationToken);
            if (lease.Client is null)
                _places.Release();
            return lease;
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    public async ValueTask ReturnAsync(SmtpClient client, IPEndPoint server)
    {
        if (client.IsReusable)
            lock (_idle)
                _idle.Push((client, server, _time.GetTimestamp()));
        else
            await client.DisposeAsync();
        _places.Release();
    }

    private (SmtpClient Client, IPEndPoint Server, long Since)? TakeIdle()
    {
        lock (_idle)
            return _idle.TryPop(out var top) ? top : null;
    }

    private async Task<Lease> ConnectAsync(CancellationToken cancellationToken)
    {
        var (endpoints, failure) = await _addresses.FindAsync(cancellationToken);
        foreach (var endpoint in endpoints)
        {
            var result = await ConnectAsync(endpoint, cancellationToken);
            if (result is ConnectResult.Connected { Client: var client })
                return new(client, endpoint, WasReused: false, null);
            failure = $"{endpoint}: {Words(result)}";
        }
        return new(null, null, false, failure);
    }

    private async Task<ConnectResult> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var result = await SmtpClient.ConnectAsync(endpoint, _clientOptions, _time, cancellationToken);
        // RFC 7435 §3: opportunistic means that broken TLS is no worse than none. A password is worth more than that.
        if (result is ConnectResult.Failed { InHandshake: true } && _options is { Tls: TlsUse.Opportunistic, Password: null })
            result = await SmtpClient.ConnectAsync(endpoint, _clientOptions with { Tls = TlsUse.None }, _time, cancellationToken);
        return result;
    }

    private static string Words(ConnectResult result) => result switch
    {
        ConnectResult.Refused refused => $"refused us with {refused.Reply}",
        ConnectResult.Failed failed => failed.Reason,
        _ => "connected",
    };

    private void CloseOld()
    {
        var old = new List<SmtpClient>();
        lock (_idle)
        {
            var young = _idle.Where(entry => _time.GetElapsedTime(entry.Since) < _options.IdleTimeout).Reverse().ToList();
            if (young.Count == _idle.Count)
                return;
            old.AddRange(_idle.Where(entry => _time.GetElapsedTime(entry.Since) >= _options.IdleTimeout).Select(entry => entry.Client));
            _idle.Clear();
            young.ForEach(_idle.Push);
        }
        foreach (var client in old)
            _ = QuitAsync(client);
    }

    // QUIT never throws; nobody waits for it.
    private static async Task QuitAsync(SmtpClient client)
    {
        await client.QuitAsync();
        await client.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        while (TakeIdle() is { } idle)
            await QuitAsync(idle.Client);
        _places.Dispose();
    }
}
