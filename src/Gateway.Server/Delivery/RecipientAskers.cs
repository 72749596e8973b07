using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>
/// Carries questions about recipients to a smart host, over as many connections as there are places for them. Who has to wait for
/// one is asked for together with others who wait, in one round trip: a distant smart host is no bottleneck. A lock
/// guards the queue; nothing is awaited under it.
/// </summary>
/// <param name="pool">Lends the connections.</param>
/// <param name="episodes">Hears when there is none.</param>
/// <param name="pause">Called when the smart host cannot be asked, or does not answer in time.</param>
/// <param name="time">The clock.</param>
internal sealed class RecipientAskers(SmartHostPool pool, SmartHostEpisodes episodes, Action pause, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<Question> _waiting = new();
    private int _busy;

    public Task<AskResult> AskAsync(ForwardPath recipient)
    {
        var question = new Question(recipient);
        lock (_gate)
        {
            _waiting.Enqueue(question);
            if (_busy == pool.PlacesForQuestions)
                return question.Task;
            _busy++;
        }
        _ = WorkAsync();
        return question.Task;
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

    private List<Question> Take(int most)
    {
        var taken = new List<Question>();
        lock (_gate)
        {
            while (taken.Count < most && _waiting.TryDequeue(out var question))
                taken.Add(question);
        }
        return taken;
    }

    private async Task AskSomeAsync()
    {
        List<Question> asked = [], some = [];
        try
        {
            // What holds the clients' wait also ends their questions, a little later; only a connection is finished when it was begun.
            using var late = new CancellationTokenSource(RecipientQuestions.Patience, time);
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
                    // Taken only now: those who came during the wait come along.
                    if (asked.Count == 0)
                        asked = some = Take(client.Extensions.Pipelining ? SmtpClient.MostQuestions : 1);
                    if (asked.Count > 0)
                        (some, fresh) = await AskAsync(client, asked, mayBeDead: lease.WasReused && !fresh, late.Token);
                }
                finally
                {
                    await pool.ReturnAsync(Errand.Question, client, server);
                }
                // The last one hears it now that its delivery will find the connection.
                if (asked.Count > 0)
                    asked[^1].Conclude();
                // Looked at once: whoever is not asked again has been given up.
                isLate = late.IsCancellationRequested;
                if (isLate)
                    GiveUp(some, "no answer in time");
            }
            while (some.Count > 0 && !isLate);
        }
#pragma warning disable CA1031 // Thrown on to who asked: here nobody would hear of it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            foreach (var question in asked.Count > 0 ? asked : Take(int.MaxValue))
                question.TrySetException(error);
        }
    }

    private async ValueTask<Lease> RentAsync(bool fresh, CancellationToken late)
    {
        try
        {
            var lease = await pool.RentAsync(Errand.Question, fresh, late);
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
    /// Whom to ask again, since a question does no harm when it is asked twice: all of them when a kept connection had died unseen,
    /// then on a fresh one; and those behind the last answer when a server has had enough in between.
    /// </summary>
    private static async Task<(List<Question> Again, bool Fresh)> AskAsync(
        SmtpClient client, List<Question> some, bool mayBeDead, CancellationToken late)
    {
        var again = new List<Question>();
        var isAnswered = false;
        await client.AskAsync([.. some.Select(static question => question.Recipient)], Hear, late);
        return (again, !isAnswered);

        void Hear(int place, AskResult result)
        {
            isAnswered |= result is not AskResult.Failed;
            if (result is AskResult.Failed && (mayBeDead || isAnswered) && !late.IsCancellationRequested)
                again.Add(some[place]);
            else
                some[place].Result = result;
            if (place < some.Count - 1)
                some[place].Conclude();
        }
    }

    /// <summary>These, and those who wait behind them: they would wait for the same.</summary>
    private void GiveUp(List<Question> some, string reason)
    {
        pause();
        foreach (var question in some.Concat(Take(int.MaxValue)))
            question.TrySetResult(new AskResult.Failed(reason));
    }

    private sealed class Question(ForwardPath recipient) : TaskCompletionSource<AskResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ForwardPath Recipient => recipient;

        public AskResult? Result { get; set; }

        public void Conclude()
        {
            if (Result is not null)
                TrySetResult(Result);
        }
    }
}
