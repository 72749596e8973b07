namespace Gateway.Server.Delivery;

/// <summary>
/// How many connections there may be at once, and for what. A tenth is for questions about recipients: a harvest of names cannot
/// hold up mail, and mail that takes its time cannot hold up questions. Below ten there is nothing to divide: there one
/// question at a time competes with the deliveries.
/// </summary>
#pragma warning disable CA1001 // Never disposed: a semaphore without a wait handle holds nothing, and a delivery that outlives the pool still gives its place back.
internal sealed class PoolPlaces
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _deliveries;
    private readonly SemaphoreSlim _questions;
    private readonly bool _isDivided;

    public PoolPlaces(int all, bool asks)
    {
        ForQuestions = Math.Max(1, all / 10);
        _isDivided = asks && all >= 10;
        _deliveries = new(_isDivided ? all - ForQuestions : all);
        _questions = new(ForQuestions);
    }

    public int ForQuestions { get; }

    public async ValueTask TakeAsync(Errand errand, CancellationToken cancellationToken)
    {
        if (errand == Errand.Delivery)
        {
            await _deliveries.WaitAsync(cancellationToken);
            return;
        }
        await _questions.WaitAsync(cancellationToken);
        if (_isDivided)
            return;
        try
        {
            await _deliveries.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _questions.Release();
            throw;
        }
    }

    public void GiveBack(Errand errand)
    {
        if (errand == Errand.Delivery || !_isDivided)
            _deliveries.Release();
        if (errand == Errand.Question)
            _questions.Release();
    }
}
