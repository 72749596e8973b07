using System.Net;

namespace Gateway.Server.Users;

/// <summary>
/// Checks passwords on a few threads of its own, so that slow hashes never block the threads that carry mail. The queue is bounded,
/// and one client may fill only a part of it. A thread ends when the queue is empty.
/// </summary>
internal sealed class PasswordQueue(int threads, int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private readonly Dictionary<ClientKey, int> _perClient = [];
    private int _running;

    /// <summary>A queue with threads for half of the cores; the other half is for mail.</summary>
    public static PasswordQueue ForThisMachine() => new(Math.Clamp(Environment.ProcessorCount / 2, 1, 8), capacity: 256);

    /// <summary>Queues a check. Null if the queue has no room for this client.</summary>
    public Task<T>? TryAsk<T>(IPAddress client, Func<T> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var key = ClientKey.Of(client);
            var mine = _perClient.GetValueOrDefault(key);
            if (_waiting.Count >= capacity || mine >= capacity / 4)
                return null;
            _perClient[key] = mine + 1;
            _waiting.Enqueue(() => Answer(answer, work, key));
            if (_running < threads)
            {
                _running++;
                new Thread(Run) { IsBackground = true, Name = "passwords" }.Start();
            }
        }
        return answer.Task;
    }

    private void Answer<T>(TaskCompletionSource<T> answer, Func<T> work, ClientKey client)
    {
        T result;
        try
        {
            result = work();
        }
#pragma warning disable CA1031 // Passed on to the caller; thrown here, it would end the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Leave(client);
            answer.SetException(error);
            return;
        }
        // The client's place is free before it gets the answer, so that it can ask again at once.
        Leave(client);
        answer.SetResult(result);
    }

    private void Run()
    {
        while (Next() is { } work)
            work();
    }

    private Action? Next()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var work))
                return work;
            _running--;
            return null;
        }
    }

    private void Leave(ClientKey client)
    {
        lock (_gate)
        {
            if (--_perClient[client] == 0)
                _perClient.Remove(client);
        }
    }
}
