using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>
/// Sends recipient checks to a smart host, over as many connections as there are places for checks. Recipients that wait for a connection are
/// checked together, in one round trip, so that a distant smart host is no bottleneck. A lock guards the queue, and nothing is awaited under it.
/// </summary>
/// <param name="pool">Lends the connections.</param>
/// <param name="episodes">Told when there is no connection.</param>
/// <param name="pause">Called when the smart host cannot be asked, or does not answer in time.</param>
/// <param name="time">The clock.</param>
internal sealed class RecipientCheckers(SmartHostPool pool, SmartHostEpisodes episodes, Action pause, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingCheck> _waiting = new();
    private int _busy;

    public Task<RecipientCheckResult> AskAsync(ForwardPath recipient)
    {
        var check = new PendingCheck(recipient);
        lock (_gate)
        {
            _waiting.Enqueue(check);
            if (_busy == pool.PlacesForChecks)
                return check.Task;
            _busy++;
        }
        _ = WorkAsync();
        return check.Task;
    }

    private async Task WorkAsync()
    {
        while (HasWork())
            await AskSomeAsync();
    }

    private bool HasWork()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0)
                return true;
            _busy--;
            return false;
        }
    }

    private List<PendingCheck> Take(int most)
    {
        var taken = new List<PendingCheck>();
        lock (_gate)
        {
            while (taken.Count < most && _waiting.TryDequeue(out var check))
                taken.Add(check);
        }
        return taken;
    }

    private async Task AskSomeAsync()
    {
        List<PendingCheck> asked = [], some = [];
        try
        {
            // The checks end when the clients stop waiting for them, or a little later. A connection that was begun is finished all the same.
            using var late = new CancellationTokenSource(RecipientChecks.Patience, time);
            bool fresh = false, isLate;
            do
            {
                asked = some;
                var lease = await RentAsync(fresh, late.Token);
                if (lease is not { Client: { } client, Server: { } server })
                {
                    GiveUp(some, lease.Failure ?? "no connection");
                    return;
                }
                try
                {
                    // Taken only now, so that recipients that came during the wait are checked together.
                    if (asked.Count == 0)
                        asked = some = Take(client.Extensions.Pipelining ? SmtpClient.MostChecks : 1);
                    if (asked.Count > 0)
                        (some, fresh) = await AskAsync(client, asked, mayBeDead: lease.WasReused && !fresh, late.Token);
                }
                finally
                {
                    await pool.ReturnAsync(ConnectionPurpose.RecipientCheck, client, server);
                }
                // The last check is concluded only now, so that the delivery that follows it finds the connection.
                if (asked.Count > 0)
                    asked[^1].Conclude();
                // Read once, because what is not checked again has been given up.
                isLate = late.IsCancellationRequested;
                if (isLate)
                    GiveUp(some, "no answer in time");
            }
            while (some.Count > 0 && !isLate);
        }
#pragma warning disable CA1031 // Passed on to the caller of each check: nobody awaits this method.
        catch (Exception error)
#pragma warning restore CA1031
        {
            foreach (var check in asked.Count > 0 ? asked : Take(int.MaxValue))
                check.TrySetException(error);
        }
    }

    private async ValueTask<Lease> RentAsync(bool fresh, CancellationToken late)
    {
        try
        {
            var lease = await pool.RentAsync(ConnectionPurpose.RecipientCheck, fresh, late);
            if (lease.Client is null)
                episodes.Unusable(lease);
            return lease;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return Lease.None("no connection was free");
        }
    }

    /// <summary>
    /// Returns the checks that are made again, because asking twice does no harm. These are all of them when an idle connection had broken
    /// unnoticed (then on a new connection), and those without an answer when the server closed the connection in between.
    /// </summary>
    private static async Task<(List<PendingCheck> Again, bool Fresh)> AskAsync(
        SmtpClient client, List<PendingCheck> some, bool mayBeDead, CancellationToken late)
    {
        var again = new List<PendingCheck>();
        var isAnswered = false;
        await client.CheckRecipientsAsync([.. some.Select(static check => check.Recipient)], Hear, late);
        return (again, !isAnswered);

        void Hear(int place, RecipientCheckResult result)
        {
            isAnswered |= result is not RecipientCheckResult.Failed;
            if (result is RecipientCheckResult.Failed && (mayBeDead || isAnswered) && !late.IsCancellationRequested)
                again.Add(some[place]);
            else
                some[place].Result = result;
            if (place < some.Count - 1)
                some[place].Conclude();
        }
    }

    /// <summary>Ends these checks, and all that wait: they would wait for the same smart host.</summary>
    private void GiveUp(List<PendingCheck> some, string reason)
    {
        pause();
        foreach (var check in some.Concat(Take(int.MaxValue)))
            check.TrySetResult(new RecipientCheckResult.Failed(reason));
    }

    private sealed class PendingCheck(ForwardPath recipient) : TaskCompletionSource<RecipientCheckResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ForwardPath Recipient => recipient;

        public RecipientCheckResult? Result { get; set; }

        public void Conclude()
        {
            if (Result is not null)
                TrySetResult(Result);
        }
    }
}
