using System.Net;
using Gateway.Server.Configuration;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>
/// Open connections to one smart host. The one used last is lent first, so that the rest can grow old and be closed. A
/// lock guards the stack; nothing is awaited under it.
/// </summary>
internal sealed class SmartHostPool : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<Idle> _idle = new();
    private readonly SmartHostOptions _options;
    private readonly SmartHostConnector _connector;
    private readonly TimeProvider _time;
    private readonly TimeSpan _idleTimeout;
    private readonly ITimer _sweep;
    private readonly PoolPlaces _places;
    private int _lent;
    private bool _isClosed;

    public SmartHostPool(SmartHostOptions options, SmartHostConnector connector, TimeProvider time)
    {
        _options = options;
        _connector = connector;
        _time = time;
        _idleTimeout = options.IdleTimeout;
        _places = new(options.MaxConnections, options.VerifyRecipients);
        _sweep = time.CreateTimer(static pool => ((SmartHostPool)pool!).CloseOld(), this, _idleTimeout, _idleTimeout);
    }

    /// <summary>
    /// The connections for a server of which something else is said now: these, or new ones where the bounds have changed. Then the circuit
    /// breaker is still the same, and whoever has changed the bounds closes the old ones.
    /// </summary>
    /// <param name="options">Of a server to which one connects as to this one's.</param>
    public SmartHostPool With(SmartHostOptions options) =>
        (options.MaxConnections, options.IdleTimeout, options.VerifyRecipients) == (_options.MaxConnections, _options.IdleTimeout, _options.VerifyRecipients)
            ? this : new(options, _connector, _time);

    /// <summary>How many recipient checks may be under way at once, each on its own connection.</summary>
    public int PlacesForChecks => _places.ForChecks;

    private readonly record struct Idle(SmtpClient Client, IPEndPoint Server, long Since);

    /// <summary>Lends a connection. The caller returns it with <see cref="ReturnAsync"/>, unless the lease holds no client.</summary>
    /// <param name="purpose">Whether the connection is for a delivery or for a recipient check.</param>
    /// <param name="fresh">
    /// Opens a new connection, because an idle one has failed. The other idle ones have most likely failed for the same reason (the smart host
    /// was restarted), and are closed.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for a place, and the making of a connection for a delivery.</param>
    public async ValueTask<Lease> RentAsync(ConnectionPurpose purpose, bool fresh, CancellationToken cancellationToken)
    {
        await _places.TakeAsync(purpose, cancellationToken);
        Lease lease = default;
        try
        {
            if (fresh)
                Close(TakeAll());
            // A recipient check times out long before a connection does. If that ended the attempt to connect, the circuit breaker would count
            // a failure of the smart host. So the connection is made all the same, and the next caller gets it.
            lease = TakeIdle() ?? await _connector.ConnectAsync(purpose == ConnectionPurpose.RecipientCheck ? CancellationToken.None : cancellationToken);
            return lease;
        }
        finally
        {
            if (lease.Client is null)
                _places.GiveBack(purpose);
            else
                Interlocked.Increment(ref _lent);
        }
    }

    public async ValueTask ReturnAsync(ConnectionPurpose purpose, SmtpClient client, IPEndPoint server)
    {
        Interlocked.Decrement(ref _lent);
        if (!client.IsReusable && !client.IsDueForReplacement)
            await client.DisposeAsync();
        else if (client.IsDueForReplacement || !TryKeep(new(client, server, _time.GetTimestamp())))
            _ = client.QuitAsync();
        _places.GiveBack(purpose);
    }

    /// <summary>Whether a connection is in use, or could be at once.</summary>
    public bool HasOpen
    {
        get
        {
            if (Volatile.Read(ref _lent) > 0)
                return true;
            lock (_gate)
                return _idle.TryPeek(out var top) && _time.GetElapsedTime(top.Since) < _idleTimeout && top.Client.LooksAlive();
        }
    }

    /// <summary>Makes a connection, which nobody's mail has to wait for, and keeps it for the next message.</summary>
    /// <returns>What came of it; the connection is not lent.</returns>
    public async Task<Lease> TryAsync()
    {
        var lease = await _connector.ConnectAsync(CancellationToken.None);
        if (lease is { Client: { } client, Server: { } server } && !TryKeep(new(client, server, _time.GetTimestamp())))
            _ = client.QuitAsync();
        return lease;
    }

    private bool TryKeep(Idle idle)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _idle.Push(idle);
            return true;
        }
    }

    /// <summary>The first that is neither too old nor closed by the other side; those that are, are closed here too.</summary>
    private Lease? TakeIdle()
    {
        while (Pop() is { } idle)
        {
            if (_time.GetElapsedTime(idle.Since) < _idleTimeout && idle.Client.LooksAlive())
                return new(idle.Client, idle.Server, WasReused: true, null);
            Close([idle]);
        }
        return null;
    }

    private Idle? Pop()
    {
        lock (_gate)
            return _idle.TryPop(out var top) ? top : null;
    }

    private Idle[] TakeAll()
    {
        lock (_gate)
        {
            Idle[] all = [.. _idle];
            _idle.Clear();
            return all;
        }
    }

    private void CloseOld()
    {
        var now = _time.GetTimestamp();
        Idle[] old;
        lock (_gate)
        {
            // From the top down they grow older: what is young stands on top, and goes back in its order.
            var young = _idle.TakeWhile(idle => _time.GetElapsedTime(idle.Since, now) < _idleTimeout).ToArray();
            old = [.. _idle.Skip(young.Length)];
            if (old.Length == 0)
                return;
            _idle.Clear();
            foreach (var idle in young.Reverse())
                _idle.Push(idle);
        }
        Close(old);
    }

    // QUIT never throws and takes seconds at most; nobody waits for it.
    private static void Close(Idle[] connections)
    {
        foreach (var connection in connections)
            _ = connection.Client.QuitAsync();
    }

    /// <summary>Closes what is not lent. What is lent goes on, and is closed when it comes back; so is what is lent afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        lock (_gate)
            _isClosed = true;
        await Task.WhenAll(TakeAll().Select(static connection => connection.Client.QuitAsync()));
    }
}
