namespace Gateway.Server.Delivery;

/// <summary>
/// Limits how many connections there are at once, and for which purpose. A tenth is for recipient checks: a client that tries many names
/// cannot hold up mail, and slow mail cannot hold up the checks. With fewer than ten connections, one check at a time competes with the
/// deliveries.
/// </summary>
#pragma warning disable CA1001 // Never disposed: a semaphore without a wait handle holds nothing, and a delivery that outlives the pool still gives its place back.
internal sealed class PoolPlaces
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _deliveries;
    private readonly SemaphoreSlim _checks;
    private readonly bool _isDivided;

    public PoolPlaces(int all, bool asks)
    {
        ForChecks = Math.Max(1, all / 10);
        _isDivided = asks && all >= 10;
        _deliveries = new(_isDivided ? all - ForChecks : all);
        _checks = new(ForChecks);
    }

    public int ForChecks { get; }

    public async ValueTask TakeAsync(ConnectionPurpose purpose, CancellationToken cancellationToken)
    {
        if (purpose == ConnectionPurpose.Delivery)
        {
            await _deliveries.WaitAsync(cancellationToken);
            return;
        }
        await _checks.WaitAsync(cancellationToken);
        if (_isDivided)
            return;
        try
        {
            await _deliveries.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _checks.Release();
            throw;
        }
    }

    public void GiveBack(ConnectionPurpose purpose)
    {
        if (purpose == ConnectionPurpose.Delivery || !_isDivided)
            _deliveries.Release();
        if (purpose == ConnectionPurpose.RecipientCheck)
            _checks.Release();
    }
}
