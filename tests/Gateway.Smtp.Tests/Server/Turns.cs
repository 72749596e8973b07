namespace Gateway.Smtp.Tests.Server;

/// <summary>Runs what yields in the order in which it does, and counts.</summary>
internal sealed class Turns : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _waiting = [];

    public int Count { get; private set; }

    public override void Post(SendOrPostCallback d, object? state) => _waiting.Enqueue((d, state));

    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            for (; _waiting.TryDequeue(out var next); Count++)
                next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
